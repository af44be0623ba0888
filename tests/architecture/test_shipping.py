"""What is shipped beside the code: the Dockerfile, compose.yaml, the manifests of Kubernetes, the unit of systemd, and their page."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

from bot.settings import Settings
from tests.makers.dockerfile import Stage, exec_form, in_context, stages

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "kubernetes"
UNIT = ROOT / "deploy" / "kantor.service"
SECRET = re.compile(r"PASSWORD|TOKEN|KEY|SECRET|DATABASE_URL")
USER = 10001
OURS = ("bot", "worker", "migrate")


def read(name: str) -> str:
    """A file's text."""
    return (ROOT / name).read_text(encoding="utf-8")


COMPOSE = yaml.safe_load(read("compose.yaml"))
SERVICES: dict[str, Any] = COMPOSE["services"]
RESOURCES = {path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))}
PODS = {
    each["metadata"]["name"]: each["spec"]["template"]["spec"]
    for each in RESOURCES.values()
    if "template" in each.get("spec", {})
}
BUILT, SHIPPED = stages(ROOT / "Dockerfile")


def sample() -> dict[str, str]:
    """The lines of deploy/env.sample: what is to be filled in."""
    lines = [line for line in read("deploy/env.sample").splitlines() if line and not line.startswith("#")]
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


def test_compose_is_valid_by_its_specification() -> None:
    """The Compose Specification's own schema takes compose.yaml, and would refuse a key that Compose does not know."""
    schema = json.loads((Path(__file__).parent / "compose-spec.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft7Validator(schema)
    assert [] == [error.message for error in validator.iter_errors(COMPOSE)]
    wrong = {**COMPOSE, "services": {**SERVICES, "bot": {**SERVICES["bot"], "readonly": True}}}
    assert [] != list(validator.iter_errors(wrong))


def test_each_service_is_closed_and_asked_how_it_is() -> None:
    """A root that nothing writes to, no new privileges, and a health check of its own or of the image; ours without capabilities."""
    assert {*OURS, "database", "objects", "prometheus"} == set(SERVICES)
    assert [] == [name for name, each in SERVICES.items() if each["read_only"] is not True]
    assert [] == [name for name, each in SERVICES.items() if each["security_opt"] != ["no-new-privileges:true"]]
    assert [] == [name for name in OURS if SERVICES[name]["cap_drop"] != ["ALL"]]
    assert ["bot", "worker"] == [name for name, each in SERVICES.items() if "healthcheck" not in each]
    assert "/healthz" in " ".join(exec_form(SHIPPED.last("HEALTHCHECK")))


def test_bot_and_worker_wait_for_the_tables_and_those_for_the_database() -> None:
    """Nobody meets a database without tables, or a store that is not there yet."""
    waits = {name: {on: how["condition"] for on, how in SERVICES[name]["depends_on"].items()} for name in OURS}
    there = {"migrate": "service_completed_successfully", "objects": "service_healthy"}
    assert {"bot": there, "worker": there, "migrate": {"database": "service_healthy"}} == waits
    assert ("no", ["migrate"]) == (SERVICES["migrate"]["restart"], SERVICES["migrate"]["command"])


def test_compose_holds_no_secret_and_asks_for_each() -> None:
    """Whatever is secret comes from .env; where it is missing Compose says which one; the sample names it, and is empty."""
    given = {
        (name, key): str(value) for name, each in SERVICES.items() for key, value in each.get("environment", {}).items()
    }
    secrets = {words for (_, key), words in given.items() if SECRET.search(key) and words}
    assert [] == [words for words in secrets if not re.search(r"\$\{\w+:\?", words)]
    asked = set(re.findall(r"\$\{(\w+)", read("compose.yaml")))
    assert asked <= set(sample())
    assert {""} == set(sample().values())


def test_what_is_set_there_are_settings() -> None:
    """No name in compose.yaml, the sample or the Kubernetes secret is one that Kantor, boto3 or the database's image does not read."""
    known = {str(field.alias) for field in Settings.model_fields.values()}
    known |= {
        "AWS_ENDPOINT_URL",
        "AWS_DEFAULT_REGION",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "POSTGRES_USER",
        "POSTGRES_PASSWORD",
    }
    named = {key for each in SERVICES.values() for key in each.get("environment", {})} | set(sample())
    named |= set(RESOURCES["settings.sample.yaml"]["stringData"])
    assert set() == named - known


@pytest.mark.parametrize("name", list(RESOURCES))
def test_each_manifest_is_valid(name: str) -> None:
    """By Kubernetes' schema, which would refuse a field that it does not know."""
    newest = kubernetes_validate.latest_version()
    kubernetes_validate.validate(RESOURCES[name], newest, strict=True)
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate({**RESOURCES[name], "specs": {}}, newest, strict=True)


def test_each_pod_is_closed() -> None:
    """The plain user of the image, a root that nothing writes to, no capability, no token of the cluster, and a limit of memory."""
    assert {"kantor-bot", "kantor-worker", "kantor-migrate"} == set(PODS)
    for pod in PODS.values():
        (container,) = pod["containers"]
        assert (True, USER) == (pod["securityContext"]["runAsNonRoot"], pod["securityContext"]["runAsUser"])
        assert {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        } == container["securityContext"]
        assert pod["automountServiceAccountToken"] is False
        assert "memory" in container["resources"]["limits"]
        assert {"/data", "/tmp"} == {mount["mountPath"] for mount in container["volumeMounts"]}


def test_pods_are_asked_where_the_bot_answers() -> None:
    """Liveness by /healthz, readiness by /readyz, on the port of the metrics that the settings open; two bots; one version."""
    settings, version = (
        RESOURCES["settings.sample.yaml"]["stringData"],
        tomllib.loads(read("pyproject.toml"))["project"]["version"],
    )
    port = int(settings["KANTOR_METRICS_ADDRESS"].rpartition(":")[2])
    for name in ("kantor-bot", "kantor-worker"):
        (container,) = PODS[name]["containers"]
        ports = {each["name"]: each["containerPort"] for each in container["ports"]}
        probes = {kind: container[f"{kind}Probe"]["httpGet"] for kind in ("liveness", "readiness", "startup")}
        assert ["/healthz", "/readyz", "/healthz"] == [probe["path"] for probe in probes.values()]
        assert {port} == {ports[probe["port"]] for probe in probes.values()}
    assert 2 <= RESOURCES["bot.yaml"]["spec"]["replicas"] <= 10
    assert {version} == {pod["containers"][0]["image"].rpartition(":")[2] for pod in PODS.values()}
    assert RESOURCES["http.yaml"]["spec"]["selector"] == RESOURCES["bot.yaml"]["spec"]["selector"]["matchLabels"]


def test_the_unit_is_closed() -> None:
    """A user of its own, who writes the state folder alone; systemd's own reader has nothing to say, where this machine has it."""
    words = UNIT.read_text(encoding="utf-8")
    for line in (
        "User=kantor",
        "StateDirectory=kantor",
        "ProtectSystem=strict",
        "NoNewPrivileges=yes",
        "CapabilityBoundingSet=",
    ):
        assert f"\n{line}\n" in words
    if (reader := shutil.which("systemd-analyze")) is None:
        return
    said = subprocess.run((reader, "verify", str(UNIT)), capture_output=True, text=True, check=False).stderr
    assert ["kantor.service: Command /opt/kantor/bin/kantor is not executable: No such file or directory"] == [
        line for line in said.splitlines() if "kantor.service" in line
    ]
    judged = subprocess.run(
        (reader, "security", "--offline=yes", "--threshold=20", str(UNIT)), capture_output=True, text=True, check=False
    )
    assert 0 == judged.returncode, judged.stdout[-300:]


def test_the_image_is_made_of_nothing_but_what_was_locked() -> None:
    """Each pip install is by hashes, or of the wheel that the step before it has made; both stages begin with the same image."""
    installs = [
        part
        for stage in (BUILT, SHIPPED)
        for words in stage.all("RUN")
        for part in words.split("&&")
        if " install " in part and "pip" in part
    ]
    assert 4 == len(installs)
    assert [] == [part for part in installs if "--require-hashes" not in part and "--no-deps /wheel/*.whl" not in part]
    assert BUILT.base == SHIPPED.base
    assert "--without-pip /kantor" in " ".join(BUILT.all("RUN"))


def test_the_build_back_end_is_locked_as_it_is_for_development() -> None:
    """requirements-build.lock has what pyproject.toml builds with, each with hashes, in the versions of requirements-dev.lock."""
    lock, development = read("requirements-build.lock"), read("requirements-dev.lock")
    locked = dict(re.findall(r"^([a-z0-9][\w.-]*)==(\S+) \\$", lock, flags=re.MULTILINE))
    wanted = [Requirement(each) for each in tomllib.loads(read("pyproject.toml"))["build-system"]["requires"]]
    assert [] == [str(each) for each in wanted if Version(locked[each.name]) not in each.specifier]
    assert [] == [name for name, version in locked.items() if f"\n{name}=={version} " not in f"\n{development}"]


def test_the_image_runs_as_a_plain_user_by_its_number() -> None:
    """The same one as in Kubernetes, who owns /data; and `kantor run` is what it does."""
    assert f"{USER}:{USER}" == SHIPPED.last("USER")
    assert f"--owner={USER}" in " ".join(SHIPPED.all("RUN"))
    assert ["kantor", "run"] == [*exec_form(SHIPPED.last("ENTRYPOINT")), *exec_form(SHIPPED.last("CMD"))]


def copied(stage: Stage) -> list[str]:
    """What a stage copies out of the checkout."""
    return [name for words in stage.all("COPY") if not words.startswith("--from") for name in words.split()[:-1]]


def test_the_builder_is_sent_what_is_copied_and_no_secret() -> None:
    """What the Dockerfile copies is there; .env, the data folder, the repository and the tests never leave this machine."""
    ignored = ROOT / ".dockerignore"
    assert [] == [name for name in copied(BUILT) if not in_context(name, ignored) or not (ROOT / name).exists()]
    assert [] == [
        name for name in (".env", ".git", ".venv", "var", "tests", "deploy", "docs") if in_context(name, ignored)
    ]


def test_each_scope_is_explained() -> None:
    """docs/deploy.md has a reason for each scope of the manifest, and for no other."""
    table = read("docs/deploy.md").partition("| scope | why |")[2].partition("\n\n")[0]
    rows = dict(re.findall(r"^\| `([a-z:]+)` \| (.+) \|$", table, flags=re.MULTILINE))
    scopes = json.loads(read("manifest.json"))["oauth_config"]["scopes"]["bot"]
    assert sorted(scopes) == sorted(rows)
    assert [] == [scope for scope, why in rows.items() if len(why) < 10]


def test_the_page_names_each_file_that_is_shipped() -> None:
    """Each manifest, the unit, the sample, and compose.yaml."""
    page = read("docs/deploy.md")
    names = [*RESOURCES, "kantor.service", "env.sample", "compose.yaml"]
    assert [] == [name for name in names if name not in page]
    assert ".slack/hooks.json" in {str(path.relative_to(ROOT)) for path in (ROOT / ".slack").iterdir()}
    assert json.loads(read(".slack/hooks.json"))["hooks"]["get-manifest"].split()[-1] == "manifest.json"

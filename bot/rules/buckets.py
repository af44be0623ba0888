"""How a bucket of Kantor's should be, and what Kantor may do with it: the documents that AWS takes, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.rules.storage import EXPORTS

VERSIONS_KEPT, UPLOADS_KEPT, EXPORTS_KEPT = 30, 7, 30
"""Days: an older version, parts of an upload that was broken off, and an export whose deletion failed (Kantor's own is after seven)."""
TLS_ONLY = "KantorTlsOnly"
RULES = ("kantor-older-versions", "kantor-broken-uploads", "kantor-exports")
"""Ids of what is ours in a bucket that has rules of others, too."""
_ON_BUCKET = ("s3:ListBucket", "s3:ListBucketVersions")
_ON_SETTINGS = ("s3:GetBucketPublicAccessBlock", "s3:GetBucketVersioning", "s3:GetEncryptionConfiguration")
"""For kantor doctor alone."""
_ON_OBJECTS = ("s3:DeleteObject", "s3:DeleteObjectVersion", "s3:GetObject", "s3:PutObject")
NOTHING_PUBLIC = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}

Document = dict[str, Any]

VAULT_CONTEXT = {"application": "kantor", "purpose": "vault"}
"""What KMS binds the wrapped key of passwords to, and writes into its log (CloudTrail) with each use."""


@dataclass(frozen=True)
class Place:
    """Where in AWS the files are."""

    bucket: str
    prefix: str
    """Before all keys, with a slash at its end; or empty."""
    partition: str = "aws"
    """``aws-cn`` in China, ``aws-us-gov`` in the regions of the US government."""
    region: str = "us-east-1"
    account: str = ""
    """Its number; empty where the store has none."""
    kms_key: str = ""
    """Id, ARN or alias of the key that encrypts; empty: S3's own."""
    vault_key: str = ""
    """ARN of the key that wraps the key of passwords; empty: none does."""

    @property
    def arn(self) -> str:
        """The bucket's name in policies."""
        return f"arn:{self.partition}:s3:::{self.bucket}"


def encryption(place: Place) -> Document:
    """How S3 encrypts what comes without a word about it; a bucket key spares most calls to KMS."""
    if not place.kms_key:
        return {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    by = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": place.kms_key}
    return {"ApplyServerSideEncryptionByDefault": by, "BucketKeyEnabled": True}


def lifecycle(place: Place) -> list[Document]:
    """What goes by itself, of what lies below the prefix."""
    versions, uploads, exports = RULES
    here = {"Status": "Enabled", "Filter": {"Prefix": place.prefix}}
    return [
        {
            "ID": versions,
            **here,
            "NoncurrentVersionExpiration": {"NoncurrentDays": VERSIONS_KEPT},
            "Expiration": {"ExpiredObjectDeleteMarker": True},
        },
        {"ID": uploads, **here, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": UPLOADS_KEPT}},
        {
            "ID": exports,
            "Status": "Enabled",
            "Filter": {"Prefix": f"{place.prefix}{EXPORTS}/"},
            "Expiration": {"Days": EXPORTS_KEPT},
        },
    ]


def tls_only(place: Place) -> Document:
    """The statement of the bucket's policy that lets nobody in without TLS."""
    return {
        "Sid": TLS_ONLY,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [place.arn, f"{place.arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def bot_policy(place: Place) -> Document:
    """All that Kantor's own credentials need, and no more."""
    listing: Document = {"Sid": "KantorLists", "Effect": "Allow", "Action": list(_ON_BUCKET), "Resource": place.arn}
    if place.prefix:
        # IfExists: a question for an object that is not there is none for a list, and has no prefix; without the right S3 answers 403 to it.
        listing["Condition"] = {"StringLikeIfExists": {"s3:prefix": f"{place.prefix}*"}}
    statements = [
        listing,
        {"Sid": "KantorLooks", "Effect": "Allow", "Action": list(_ON_SETTINGS), "Resource": place.arn},
        {
            "Sid": "KantorKeepsFiles",
            "Effect": "Allow",
            "Action": list(_ON_OBJECTS),
            "Resource": f"{place.arn}/{place.prefix}*",
        },
    ]
    return {
        "Version": "2012-10-17",
        "Statement": statements
        + ([_key_use(place)] if place.kms_key else [])
        + ([_vault_use(place)] if place.vault_key else []),
    }


def _vault_use(place: Place) -> Document:
    """The two calls that fetch the key of passwords, and for nothing else that the same key may have wrapped."""
    return {
        "Sid": "KantorOpensPasswords",
        "Effect": "Allow",
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": place.vault_key,
        "Condition": {
            "StringEquals": {f"kms:EncryptionContext:{name}": value for name, value in VAULT_CONTEXT.items()}
        },
    }


def _key_use(place: Place) -> Document:
    """Through S3 only."""
    keys = f"arn:{place.partition}:kms:{place.region}:{place.account}"
    suffix = "amazonaws.com.cn" if place.partition == "aws-cn" else "amazonaws.com"
    condition: Document = {"StringEquals": {"kms:ViaService": f"s3.{place.region}.{suffix}"}}
    name = place.kms_key
    if "alias/" in name:  # an alias is no resource
        condition["ForAnyValue:StringEquals"] = {"kms:ResourceAliases": name[name.index("alias/") :]}
        resource = f"{keys}:key/*"
    else:
        resource = name if name.startswith("arn:") else f"{keys}:key/{name}"
    return {
        "Sid": "KantorUsesTheKey",
        "Effect": "Allow",
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": resource,
        "Condition": condition,
    }

"""A second verifier of Kantor's results bundles, on Python 3.11 alone: python verify.py results.zip [HEAD...] (README.md says what it checks)."""
import collections, datetime, decimal, hashlib, io, itertools, json, math, os, random, re, statistics, sys, zipfile
FILES = "README.txt allocation.json board.json chain.json contest.json entries.json judges.json ratings.json rules.json".split()
SETS, mean = "conflicts started planned further heard placed".split(), statistics.fmean; NOT_FAIR = {"caveats": None, "scores": [], "variances": None}
KINDS = {"kantor bundle 1": "B", "kantor charter 1": "C", "kantor drawing 1": "D", "preliminary": "P", "final": "F", "mean": "M", "fair": "M",
         **dict.fromkeys(("draft", "open", "judging", "ceremony", "finished"), "T")}
SHAPES = {name: re.compile(shape.replace("L", "@(@i*;)*;").replace("S", "[A-Zhrs]")) for name, shape in {  # of what kind() says; S: some text
    "manifest.json": f"<files=<{''.join(f'{name}=h ' for name in FILES)}> format=B >", "ratings.json": "@(@SS[PF]<([^>= ]+=[if] )*>[in]bb;)*;",
    "allocation.json": "<drawings=@(<at=S document=S number=i sha256=h >)*; heard=@(@SSb;)*; >", "judges.json": "@(<judge=S recused=@S*; void=b >)*;",
    "board.json": "<ai=@(@iS[if];)*; fair=(<caveats=@S*; scores=@(@S[if][ifn];)*; variances=(@[if][if][if];|n) >|n) rows=@(@iS[if]i(S|n);)*; >",
    "chain.json": "<entries=@(@ihh(n|@;|@S<[^@]*>SS;);)*; heads=@(@ih;)*; >", "rules.json": "@(<at=S document=S sha256=h version=i >)*;",
    "contest.json": "<final_began=b id=S name=S phase=[FT] rules_version=[in] slug=S >",
    "entries.json": "@(<ai=[ifn] alias=(S|n) id=S in_final=b left=b sha256=[hn] >)*;",
    "rules": "<blind=b criteria=@(<key=S question=S title=S weight=r >)*; finalists=[in] floor=[in] format=C further=[in] halves=b minutes=[in] "
             "ratings_each=[in] rounds=i scale=@(<meaning=S score=i title=S >)*; score=M seed=S ties=@S*; winners=i >", "drawing":
    "<conflicts=L each=i entries=@(@Sr;)*; format=D further=L heard=L judges=@(@S[rn];)*; others=@S*; placed=L planned=L seed=S started=L >"}.items()}
def need(fits, sentence): fits or sys.exit(print(re.sub("[^ -~]", "?", f"NO   {sentence}")[:900]) or 1)
def canonical(value): return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
def hashed(text): return hashlib.sha256(text.encode()).hexdigest()
def dot(one, two): return sum(a * b for a, b in zip(one, two))
def rounded(value, step="0.01"): return float(decimal.Decimal(repr(round(value, 9))).quantize(decimal.Decimal(step), decimal.ROUND_HALF_UP))
def near(one, two, by=1e-6): return one == two or bool(one and two) and all(a == b or abs(a - b) <= by for a, b in zip(one, two))
def kind(it):  # what a value of JSON is, in letters; @...; is a list, <...> an object
    if isinstance(it, dict): return "<" + "".join(f"{key}={kind(it[key])} " for key in sorted(it)) + ">"
    if isinstance(it, list): return "@" + "".join(map(kind, it)) + ";"
    if not isinstance(it, str): return {type(None): "n", bool: "b"}.get(type(it)) or (type(it).__name__[0] if 0 <= it <= 1e9 else "-")
    return KINDS[it] if it in KINDS else "h" if re.fullmatch("[0-9a-f]{64}", it) else "r" if re.fullmatch(r"\d{1,9}(\.\d+)?(e-\d\d)?", it) else "s"
def read(where, text, shape, told=None):
    value = json.loads(text)
    need(SHAPES[shape].fullmatch(kind(value)) and canonical(value) == text, f"{where} has another shape, or is written otherwise, than in a bundle.")
    need(told is None or told == [hashed(text), value["seed"]], f"{where} has another SHA-256, or another seed."); return value
def unpacked(data):  # such a zip can be written in one way only: it is written again, and held against what is there
    files, at, again = {}, 0, io.BytesIO()
    with zipfile.ZipFile(again, "w") as archive:
        for name in ["manifest.json", *FILES]:
            size, at, entry = int.from_bytes(data[at + 18:at + 22], "little"), at + 30 + len(name), zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            files[name], at, entry.create_system, entry.external_attr = data[at:at + size], at + size, 3, 0o644 << 16
            archive.writestr(entry, files[name])
    need(again.getvalue() == data, f"It is no results bundle, or a damaged one from byte {len(os.path.commonprefix([again.getvalue(), data]))} on.")
    return {name: raw.decode() for name, raw in files.items()}
def inverted(matrix, whole=True):  # Gauss-Jordan: inverse (if whole) and logarithm of the determinant; None where it is not positive definite
    rows, total = [row[:] for row in matrix], 0.0
    for k in range(len(rows)):
        if (pivot := rows[k][k]) <= 0: return None
        rows[k][k] = 1.0; total += math.log(pivot); rows[k] = [each / pivot for each in rows[k]]
        for by, row in ((row[k], row) for at, row in enumerate(rows) if at != k and row[k] and (whole or at > k)):
            row[k] = 0.0; row[:] = [one - by * two for one, two in zip(row, rows[k])]
    return rows, total
def drawn(doc):  # the lots of a drawing, drawn again: what each judge hears, and which of that was placed further, as its document has them
    cost, people = [float(seconds) + 60 for _, seconds in doc["entries"][:3000]], range(min(300, len(doc["judges"]) + len(doc["others"])))
    limit = [math.inf if minutes is None else 60 * float(minutes) for _, minutes in doc["judges"]] + [-1.0] * len(doc["others"])
    barred, begun, planned, further = ([set(row) for row, _ in zip(doc[name], people, strict=True)] for name in SETS[:4])
    lots, judges, order = random.Random(doc["seed"]), list(range(len(doc["judges"]))), list(range(len(cost)))
    lots.shuffle(judges), lots.shuffle(order), order.sort(key=lambda entry: -sum(entry in row for row in barred))
    has, besides, used, panel = [set() for _ in people], [set() for _ in people], [0.0] * len(people), [j for j in people if j in judges or begun[j]]
    def can(judge, entry): return entry not in has[judge] and entry not in barred[judge]
    def time(judge, more): return used[judge] + more <= limit[judge]
    def may(judge, entry): return can(judge, entry) and time(judge, cost[entry])
    def lacks(entry): return sum(entry in has[judge] and entry not in besides[judge] for judge in people) < doc["each"]
    def load(judge): return len(has[judge]) - len(besides[judge])
    def movable(judge): return sorted(has[judge] - begun[judge] - besides[judge], key=order.index)
    def take(judge, entry): has[judge].remove(entry); used[judge] -= cost[entry]
    def give(judge, entry, giver=None): giver is None or take(giver, entry); has[judge].add(entry); used[judge] += cost[entry]; return True
    def pass_on(entry):  # a chain of judges, each of whom hands one entry on to the next, until one has time
        came = {judge: (None, entry) for judge in judges if can(judge, entry)}
        for judge in (queue := list(came)):
            moves = (moved for moved in movable(judge) if time(judge, cost[came[judge][1]] - cost[moved]))
            for moved, to in ((moved, to) for moved in moves for to in judges if to not in came and can(to, moved)):
                came[to] = judge, moved; queue.append(to)
                if time(to, cost[moved]):
                    while to is not None: giver, given = came[to]; give(to, given, giver); to = giver
                    return True
    def connected(above):  # the Laplacian's second eigenvalue is above that where it is positive definite once its first, 0, is moved away
        shared, away = [[len(has[one] & has[two]) for two in panel] for one in panel], 2 * len(cost)
        return inverted([[(at == to) * (sum(row) - above) + away - each for to, each in enumerate(row)] for at, row in enumerate(shared)], False)
    def connectivity(low=0.0, high=2.0 * len(cost) * len(panel)):
        return low if high - low < 1e-11 else connectivity(mid, high) if connected(mid := (low + high) / 2) else connectivity(low, mid)
    for judge in people: [give(judge, entry) for entry in sorted(begun[judge])]
    for judge in people: besides[judge].update(e for e in sorted(further[judge]) if e in begun[judge] or may(judge, e) and give(judge, e))
    for judge in people: [give(judge, entry) for entry in sorted(planned[judge]) if lacks(entry) and may(judge, entry)]
    for entry in order:
        def fewest(judge): return load(judge), sum(len(has[judge] & has[other]) for other in people if entry in has[other])
        while lacks(entry) and (give(min(free, key=fewest), entry) if (free := [j for j in judges if may(j, entry)]) else pass_on(entry)): pass
    while move := next(((least, entry, most) for by_load in [sorted(judges, key=load)] for least in by_load for most in reversed(by_load)
                        if load(most) - load(least) > 1 for entry in movable(most) if may(least, entry)), None): give(*move)
    best, pairs = connectivity(), [(judge, entry) for judge in judges for entry in movable(judge) if entry not in planned[judge]]
    for _ in range(400 if len(pairs) > 1 and len(judges) > 2 else 0):
        (at, (one, x)), (to, (two, y)) = ((each, pairs[each]) for each in (lots.randrange(len(pairs)), lots.randrange(len(pairs))))
        if one == two or not (can(one, y) and can(two, x) and time(one, cost[y] - cost[x]) and time(two, cost[x] - cost[y])): continue
        take(one, x), give(one, y, two), give(two, x)
        if connected(best + 1e-9): best, pairs[at], pairs[to] = connectivity(), (one, y), (two, x)
        else: take(one, y), give(one, x, two), give(two, y)
    return [sorted(has[at]) if at < len(judges) else [] for at in people], [sorted(each) for each in besides]
def fitted(ratings):  # fair scores as a board has them, of (piece, judge, round, score, ...): variances by REML, scores by Henderson's equations
    scores, (pieces, judges, rounds) = [row[3] for row in ratings], (sorted({row[at] for row in ratings}) for at in range(3))
    s, p, n, rows = len(pieces), len(rounds), len(scores), {piece: [row for row in ratings if row[0] == piece] for piece in pieces}
    why = "no ratings" if not n else "all alike" if min(scores) == max(scores) else "one rating each" if n in (s, p) else ""
    if why: return {"caveats": [why], "scores": [[piece, mean(row[3] for row in rows[piece]), None] for piece in pieces], "variances": None}
    names = [(0, each) for each in pieces] + [(2, each) for each in rounds] + [(1, each) for each in judges if 1 < len(judges) < n]
    number, both, right = {each: at for at, each in enumerate(names)}, [[0.0] * len(names) for _ in names], [0.0] * len(names)
    columns = [[number[at, row[at]] for at in range(3) if (at, row[at]) in number] for row in ratings]
    for at, to, score in ((at, to, score) for mine, score in zip(columns, scores) for at in mine for to in mine):
        both[at][to], right[at] = both[at][to] + 1, right[at] + score * (at == to)
    groups, low, damped = [range(s), range(s + p, len(names))], (math.log(0.05), -14.0), 0.0
    def solved(ratios):  # the likelihood times -2, its slope, the variance of chance, the best predictions, and how surely they are known
        more = [(at < s) / math.exp(ratios[0]) + (at >= s + p) / math.exp(ratios[1]) for at in range(len(names))]
        inverse, logarithm = inverted([[each + (at == to) * more[at] for to, each in enumerate(row)] for at, row in enumerate(both)])
        best = [dot(row, right) for row in inverse]
        squares = sum((score - sum(best[at] for at in mine)) ** 2 for mine, score in zip(columns, scores)) + dot(more, [each**2 for each in best])
        noise = max(squares, 1e-12 * n) / (n - p)
        slope = [len(group) - sum(inverse[at][at] + best[at] ** 2 / noise for at in group) / math.exp(ratio) for group, ratio in zip(groups, ratios)]
        return (n - p) * math.log(noise) + dot(map(len, groups), ratios) + logarithm, slope, noise, best, inverse
    now = solved(ratios := [0.0, -1.0 if groups[1] else -14.0])
    for _ in range(300):  # Newton's steps downhill, the shorter the more they are damped
        slope, free = now[1], [k for k in (0, 1) if groups[k] and (ratios[k] > low[k] or now[1][k] < 0) and (ratios[k] < 12 or now[1][k] > 0)]
        bent = {at: solved([each + 1e-5 * (to == at) for to, each in enumerate(ratios)])[1] for at in free}
        while not (found := inverted([[(bent[k][m] - slope[m]) * 1e5 + damped * (k == m) for m in free] for k in free])): damped = 4 * damped + 1e-3
        step = {k: -dot(row, [slope[m] for m in free]) for k, row in zip(free, found[0])}
        if max(map(abs, step.values()), default=0) < 1e-9: break
        there = [min(12.0, max(low[at], each + max(-2.0, min(2.0, step.get(at, 0.0))))) for at, each in enumerate(ratios)]
        ratios, now, damped = (there, then, damped / 8) if (then := solved(there))[0] <= now[0] else (ratios, now, 4 * damped + 1e-3)
    (noise, best, inverse), panels, caveats = now[2:], [], ["one judge"] * (len(judges) == 1) + ["no difference"] * (ratios[0] <= low[0])
    for mine in ({row[1] for row in rows[piece]} for piece in pieces):
        panels = [each for each in panels if not each & mine] + [mine.union(*(each for each in panels if each & mine))]
    level, variances = sum(best[at] * both[at][at] for at in range(s, s + p)) / n, [noise * math.exp(ratios[at]) * bool(groups[at]) for at in (0, 1)]
    scores = [[piece, level + best[at], math.sqrt(noise * inverse[at][at])] for at, piece in enumerate(pieces)]
    return {"caveats": caveats + ["apart"] * (len(panels) > 1), "scores": scores, "variances": [*variances, noise]}
def ranked(standing, before=0):  # a board's rows of (score, ladder, piece, ratings); the ladder says what put somebody behind an equal score
    order = sorted((-score, [-value for _, value in ladder]) for score, ladder, *_ in standing)
    for score, ladder, piece, count in standing:
        ahead = order[:order.index((-score, [-value for _, value in ladder]))]
        why = [step for (step, value), other in zip(ladder, ahead[-1][1]) if value != -other] if ahead and ahead[-1][0] == -score else [None]
        yield [before + len(ahead) + 1, piece, score, count, why[0]]
def board_of(contest, fair, entries, weighed):  # rows, fair scores and the AI judge's rows by the ratings that weigh
    over, given, found = contest["phase"] in ("ceremony", "finished"), collections.defaultdict(list), fitted(sorted(weighed)) if fair else NOT_FAIR
    for row in weighed: given[row[0], row[2]].append(row); given[row[0], "all"].append(row)
    worth, here = {x[0]: x[1] for x in found["scores"]}, {x["id"]: x["in_final"] and contest["final_began"] for x in entries if not x["left"]}
    heard, unheard = ({piece for piece in here if here[piece] and bool(given[piece, "final"]) is rated} for rated in (True, False))
    unheard, others = ({piece for piece in some if given[piece, "preliminary"]} for some in (unheard if over else (), here.keys() - unheard - heard))
    def standing(piece, round_):
        rows, scores, last = given[piece, "all" if fair else round_], [x for row in given[piece, "all"] for x in row[4]], given[piece, "final"]
        ladder = [("final", rounded(mean(row[3] for row in last)))] if last else []
        ladder += [("count-back", mean(x >= 5 - at / 2 for x in scores)) for at in range(8)] + [("criterion", rounded(mean(x[4][0] for x in rows)))]
        return rounded(worth[piece] if fair else mean(row[3] for row in rows)), ladder * fair, piece, len(rows)
    fields = (heard, "final", 0), (unheard, "preliminary", len(heard)), (others, "preliminary", len(heard | unheard) if over else sum(here.values()))
    rows = sorted(row for pieces, round_, before in fields for row in ranked([standing(piece, round_) for piece in pieces], before))
    return rows, found, [row[:3] for row in sorted(ranked([(rounded(x["ai"], "0.1"), [], x["id"], 0) for x in entries if x["ai"] is not None]))]
def follow(contest, made, chain, results, kept):  # the trail; its last link
    links, notes = [hashed(f"kantor-audit:{contest['id']}")], collections.defaultdict(list)
    for number, (told, digest, link, said) in enumerate(chain["entries"], 1):
        links.append(hashed(f"{links[-1]}:{number}:{digest}"))
        need((told, link) == (number, links[-1]), f"chain.json: entry {number} does not follow from the one before it.")
        for salt, facts, action, at in [said] if said else []:
            at = datetime.datetime.fromisoformat(at).astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            need(digest == hashed(salt + canonical([at, "kantor", action, facts])), f"chain.json: what entry {number} says has another digest.")
            notes[action].append((number, facts, (action, facts.get("version", facts.get("drawing")), facts.get("sha256"))))
    for at, head in chain["heads"]: need(at and links[at:at + 1] == [head], f"chain.json: the head that was posted at entry {at} is another one.")
    for head in kept: need(head in links, f"chain.json: the head {head} is not in it.")
    left = {number for _, facts, _ in notes["audit.emptied"] for number in facts["remains"]}
    for row in chain["entries"]: need(row[3] != [] or str(row[0]) in left, f"chain.json: entry {row[0]} is empty, and no erasure accounts for it.")
    for each in made: need(each in [row for _, _, row in notes[each[0]]], f"chain.json: {each[0]} {each[1]} is not in the trail as it is in here.")
    fits = [facts["sha256"] == results or any(row[0] > at for row in notes["audit.emptied"]) for at, facts, _ in notes["results.sealed"]]
    need(all(fits[-1:]), "chain.json: what was sealed at the end has another hash."); return links[-1]
def verified(data, kept):  # what fits, in a sentence; Fault: the first thing that does not
    hashes = read("manifest.json", (files := unpacked(data))["manifest.json"], "manifest.json")["files"]
    for name in FILES: need(hashes[name] == hashed(files[name]), f"{name} is not what the manifest says: its SHA-256 is another one.")
    allocation, board, chain, contest, entries, judges, ratings, rules = (read(name, files[name], name) for name in FILES[1:])
    last, results = contest["rules_version"] or 0, hashed(canonical({name: hashes[name] for name in FILES[1:] if name != "chain.json"}))
    need([row["version"] for row in rules] == [*range(min(last, 1), last + 1)[:len(rules) + 1]], "rules.json: its versions are not 1, 2, 3...")
    for row in rules: law = read(f"rules.json: version {row['version']}", row["document"], "rules", [row["sha256"], contest["id"]])
    pieces, panel, fair = {row["id"]: row for row in entries}, {row["judge"]: row for row in judges}, law["score"] == "fair"
    need([len(pieces), len(panel)] == [len(entries[:3000]), len(judges[:300])], "entries.json, judges.json: one is there twice, or too many.")
    need(all(one[:3] < two[:3] for one, two in zip(ratings, ratings[1:])), "ratings.json: it is not in order, or somebody has rated twice.")
    weights, steps = {each["key"]: float(each["weight"]) for each in law["criteria"]}, {half / 2 for half in range(2, 11, 2 - law["halves"])}
    weighed, hears, placed, told = [], set(), set(), {(judge, piece): further for judge, piece, further in allocation["heard"]}
    for at, (piece, judge, round_, scores, version, _, counts) in enumerate(ratings, 1):
        where, known = f"Rating {at} of {piece} by {judge}", piece in pieces and judge in panel and (version is None or 0 < version <= last)
        need(known and scores.keys() == weights.keys() and {*scores.values()} <= steps, f"{where} is of no such piece, judge, version, or score.")
        left, given = pieces[piece]["left"], [scores[key] for key in weights]
        weighs = not panel[judge]["void"] and piece not in panel[judge]["recused"] and (left or round_ != "final" or pieces[piece]["in_final"])
        need(counts == (weighs and not left), f"{where} counts, or not, otherwise than is told.")
        if weighs and (fair or counts): weighed.append((piece, judge, round_, dot(weights.values(), given) / sum(weights.values()), given))
    for number, row in enumerate(drawings := allocation["drawings"], 1):
        doc = read(where := f"allocation.json: drawing {number}", row["document"], "drawing", [row["sha256"], contest["id"]])
        need(row["number"] == number and (doc["heard"], doc["placed"]) == drawn(doc), f"{where} has another number, or is not what its lots give.")
        hears, placed = ({(j, doc["entries"][e][0]) for j, row in zip([*dict(doc["judges"]), *doc["others"]], doc[w]) for e in row} for w in SETS[4:])
    need({x for x in told if not told[x]} == hears - placed and placed <= told.keys() and (drawings or not told), "allocation.json: not as drawn.")
    (rows, found, ai), said = board_of(contest, fair, entries, weighed), board["fair"] or NOT_FAIR
    for one, two in itertools.zip_longest(rows + ai, board["rows"] + board["ai"]): need(one == two, f"board.json: it says {two}, not {one}.")
    need(found["caveats"] == said["caveats"], "board.json: fair scores, or caveats of them, are told or left out where the ratings say otherwise.")
    for one, two in itertools.zip_longest(found["scores"], said["scores"]): need(near(one, two), f"board.json: it says {two}, not {one}.")
    need(near(found["variances"], said["variances"], 1e-4 * max(found["variances"] or [0])), "board.json: other variances are told.")
    made = [("allocation.changed", x["number"], x["sha256"]) for x in drawings] + [("rules.fixed", x["version"], x["sha256"]) for x in rules if last]
    return f"The trail's head is {follow(contest, made, chain, results, kept)}. The channel has read that the results' SHA-256 is {results}."
def main(path, *kept):
    try:
        with open(path, "rb") as file: print(f"yes  {path}: all of it fits. {verified(file.read(2**28), kept)}")
    except (ArithmeticError, AttributeError, LookupError, MemoryError, OSError, RecursionError, TypeError, ValueError) as error:
        need(False, f"It cannot be read, or something in it has another shape than in a bundle ({type(error).__name__}).")
if __name__ == "__main__": main(*sys.argv[1:]) if sys.argv[1:] else sys.exit(__doc__)

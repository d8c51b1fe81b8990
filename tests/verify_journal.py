#!/usr/bin/env python3
"""Verifies exports of the journal, as docs/journal.md describes them, with nothing but Python's standard library.

    verify_journal.py [--head POSITION:HASH] [--heads HEADS [--key HEX]] [FILE ...]

A file is one JSON object a line, compressed with gzip or not; without a file it is read from standard input. Lines of entries that the
reader may not see hold position, contentDigest and hash only: the chain is verified over them, their content is not. Prints
"whole: N entries, head HASH", or "breaks at position P: why" and ends with 1. --head names a head that was kept elsewhere: the entry
at that position must have that hash. --heads names a file of signed heads, one JSON object a line: their signatures must fit, and the
entries at their positions must have their hashes; with --key, all are signed with that public key.
"""
import argparse
import base64
import gzip
import hashlib
import json
import sys

ERASURE = "journal.texts-erased"


class Break(Exception):
    """Says why an entry does not fit."""


class Refused(Exception):
    """Says why a file of heads is of no use."""


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def number(value):
    if type(value) is not int:
        raise Break(f"{value!r} is no number")
    return value.to_bytes(8, "big", signed=True)


def counted(value):
    return number(-1) if value is None else number(len(value)) + value


def text(value):
    return counted(None if value is None else value.encode())


def unhex(value):
    return None if value is None else bytes.fromhex(value)


def unbase64(value):
    return None if value is None else base64.b64decode(value, validate=True)


def version_digest(entry):
    """An export of the operator's says salt and version themselves."""
    return sha(unhex(entry["salt"]), number(entry["version"])) if "salt" in entry else unhex(entry["versionDigest"])


def content(entry):
    """The bytes that the content digest is taken of."""
    return b"".join([
        b"\x03", version_digest(entry), text(entry["stream"]), text(entry["fact"]), number(entry["form"]), number(entry["at"]), text(entry["actor"]), text(entry.get("body")), number(len(entry["topics"])), *map(text, entry["topics"]),
        counted(unbase64(entry["audience"])), counted(unbase64(entry["data"])), counted(unhex(entry.get("textsDigest"))),
        counted(unhex(entry.get("command"))), counted(None if entry.get("cause") is None else number(entry["cause"])), text(entry["via"]),
        text(entry.get("batch"))])


def has_texts(entry):
    """False when texts that there were are missing. Texts that do not fit their digest are a break."""
    digest, salt, texts = unhex(entry.get("textsDigest")), unhex(entry.get("textsSalt")), unbase64(entry.get("texts"))
    if texts is None and salt is None:
        return digest is None
    if digest is None or texts is None or salt is None or sha(salt, texts) != digest:
        raise Break("its texts do not fit their digest")
    return True


def erased(entry):
    return json.loads(unbase64(entry["data"]))["positions"] if entry.get("fact") == ERASURE else []


# Ed25519, as RFC 8032 describes it: points of the curve in extended coordinates (X, Y, Z, T), where x = X/Z, y = Y/Z and xy = T/Z.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(one, other):
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % P, (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(factor, point):
    result = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            result = add(result, point)
        point, factor = add(point, point), factor >> 1
    return result


def point_of(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or x * x % P != square or x == 0 and sign:
        raise Refused("a key or signature is no point of the curve")
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(key, message, signature):
    s = int.from_bytes(signature[32:], "little")
    if len(key) != 32 or len(signature) != 64 or s >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    left, right = times(s, BASE), add(point_of(signature[:32]), times(challenge, point_of(key)))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def signed_heads(name, key):
    """Positions and hashes of a file of signed heads."""
    heads = {}
    with open(name, "rb") as file:
        for count, line in enumerate(file, 1):
            try:
                head = json.loads(line)
                position, hashed, public = head["position"], unhex(head["hash"]), unhex(head["publicKey"])
                message = b"coordination head 1" + number(position) + hashed + number(head["at"]) + unhex(head["beside"])
                if key not in (None, public):
                    raise Refused("it is signed with another key")
                if len(hashed) != 32 or not is_signed(public, message, unhex(head["signature"])):
                    raise Refused("its signature does not fit")
                heads[position] = hashed
            except (Refused, Break, ValueError, KeyError, TypeError, OverflowError) as why:
                raise Refused(f"{name}, line {count}: {why if isinstance(why, Refused) else 'it is no signed head'}") from None
    return heads


def verify(lines, kept):
    """Returns how many entries fit, the hash of the last of them, and None or the first break as (position, why)."""
    position, last, head, broken, missing = 0, bytes(32), None, None, set()
    for line in lines:
        try:
            entry = json.loads(line)
            if "head" in entry:
                head = entry["head"]["position"], unhex(entry["head"]["hash"])
                continue
            # Beyond a break nothing is certain, but what was erased lawfully is not to be taken for the first break.
            missing.difference_update(erased(entry))
            if broken:
                continue
            if head is not None:
                raise Break("it follows the head")
            if entry["position"] != position + 1:
                raise Break(f"the next entry is {entry['position']}")
            digest, hashed = unhex(entry["contentDigest"]), unhex(entry["hash"])
            if "salt" in entry or "versionDigest" in entry:
                if sha(content(entry)) != digest:
                    raise Break("its content does not fit its digest")
                if not has_texts(entry):
                    missing.add(position + 1)
            if sha(last, number(position + 1), digest) != hashed:
                raise Break("its hash does not follow from the one before")
            if kept.get(position + 1, hashed) != hashed:
                raise Break("its hash is not the one that was kept")
            position, last = position + 1, hashed
        except (Break, ValueError, KeyError, TypeError, AttributeError, OverflowError) as why:
            broken = broken or (position + 1, str(why) if isinstance(why, Break) else f"its line is none of an export ({why!r})")
    if not broken:
        if head is None:
            broken = position + 1, "the last line, which names the head, is missing"
        elif head[0] != position:
            broken = min(head[0], position) + 1, f"the entries end at {position} and the head is at {head[0]}"
        elif head[1] != last:
            broken = max(position, 1), "the head has another hash"
        elif kept and max(kept) > position:
            broken = position + 1, f"the journal ends before position {max(kept)}, whose hash was kept"
    if missing and (not broken or min(missing) < broken[0]):
        broken = min(missing), "its texts are missing, and no entry says that they were erased"
    return position, last, broken


def lines_of(name):
    if name == "-":
        yield from sys.stdin.buffer
        return
    with open(name, "rb") as file:
        compressed = file.read(2) == b"\x1f\x8b"
    with gzip.open(name) if compressed else open(name, "rb") as file:
        yield from file


def kept_head(value):
    position, _, hashed = value.partition(":")
    return int(position), bytes.fromhex(hashed)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("files", nargs="*", default=["-"], metavar="FILE")
    arguments.add_argument("--head", type=kept_head, metavar="POSITION:HASH")
    arguments.add_argument("--heads", metavar="HEADS")
    arguments.add_argument("--key", type=bytes.fromhex, metavar="HEX")
    said = arguments.parse_args()
    try:
        kept = signed_heads(said.heads, said.key) if said.heads else {}
    except Refused as why:
        print(why)
        return 1
    kept.update([said.head] if said.head else [])
    whole = True
    for name in said.files:
        position, last, broken = verify(lines_of(name), kept)
        found = f"breaks at position {broken[0]}: {broken[1]}" if broken else f"whole: {position} entries, head {last.hex()}"
        print(found if len(said.files) == 1 else f"{name}: {found}")
        whole = whole and not broken
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main())

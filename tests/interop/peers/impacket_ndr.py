"""The impacket side of the NDR interop test: one JSON request per line in, one answer per line out.

    {"op": "encode", "interface": …, "name": …, "direction": …, "ndr64": bool, "args": {…}}  ->  {"hex": …}
    {"op": "decode", …, "hex": …}                                                            ->  {"args": {…}}

Arguments are keyed by impacket's names, the return value is "status"; strings have no NUL, GUIDs are text, a
SYSTEMTIME is its eight words. A failure is answered with {"error": …}. "seed" fixes impacket's random referents.
"""

import json
import random
import sys
import uuid

from impacket.dcerpc.v5 import atsvc, sasec, tsch
from impacket.dcerpc.v5.dtypes import GUID, LPWSTR, NULL, SYSTEMTIME, WSTR
from impacket.dcerpc.v5.ndr import NDR, NDRPOINTER, NDRPOINTERNULL, NDRSTRUCT, NDRUniConformantArray

MODULES = {"ATSvc": atsvc, "SASec": sasec, "ITaskSchedulerService": tsch}
WORDS = ("wYear", "wMonth", "wDayOfWeek", "wDay", "wHour", "wMinute", "wSecond", "wMilliseconds")

# The IDL's pArgs is an array of pointers; impacket declares its items inline, though its own helper appends pointers.
tsch.WSTR_ARRAY.item = LPWSTR


def message(request, ndr64):
    name = request["name"] + ("Response" if request["direction"] == "response" else "")
    return getattr(MODULES[request["interface"]], name)(isNDR64=ndr64)


def names(holder):
    """The fields of a call or a structure: impacket's name and ours."""
    return [(name, "status" if name == "ErrorCode" else name) for name, _ in holder.structure]


def put(holder, name, value, ndr64):
    field = holder.fields[name]
    if isinstance(field, NDRPOINTER):
        if value is None:
            holder[name] = NULL
        else:
            put(field, "Data", value, ndr64)
    elif isinstance(field, WSTR):
        holder[name] = value + "\0"
    elif isinstance(field, GUID):
        holder[name] = uuid.UUID(value).bytes_le
    elif isinstance(field, SYSTEMTIME):
        for word, number in zip(WORDS, value):
            field[word] = number
    elif isinstance(field, NDRUniConformantArray):
        holder[name] = [element(field.item, one, ndr64) for one in value]
    elif isinstance(field, NDRSTRUCT):
        for inner, key in names(field):
            put(field, inner, value[key], ndr64)
    else:
        holder[name] = value


def element(item, value, ndr64):
    if isinstance(item, str):
        return value
    made = item(isNDR64=ndr64)
    if isinstance(made, NDRPOINTER) or isinstance(made, GUID):
        made["Data"] = uuid.UUID(value).bytes_le if isinstance(made, GUID) else value + "\0"
    elif isinstance(made, SYSTEMTIME):
        for word, number in zip(WORDS, value):
            made[word] = number
    else:
        for inner, key in names(made):
            put(made, inner, value[key], ndr64)
    return made


def get(field):
    if isinstance(field, NDRPOINTERNULL):
        return None
    if isinstance(field, NDRPOINTER):
        return None if field.fields["ReferentID"] == 0 else get(field.fields["Data"])
    if isinstance(field, WSTR):
        return field["Data"].removesuffix("\0")
    if isinstance(field, GUID):
        return str(uuid.UUID(bytes_le=bytes(field["Data"])))
    if isinstance(field, SYSTEMTIME):
        return [field[word] for word in WORDS]
    if isinstance(field, NDRUniConformantArray):
        return [get(one) for one in field["Data"]]
    if isinstance(field, NDRSTRUCT):
        return {key: get(field.fields[inner]) for inner, key in names(field)}
    return field["Data"] if isinstance(field, NDR) else field


def answer(request):
    ndr64 = request.get("ndr64", False)
    random.seed(request.get("seed"))
    call = message(request, ndr64)
    if request["op"] == "encode":
        for inner, key in names(call):
            put(call, inner, request["args"][key], ndr64)
        return {"hex": call.getData().hex()}
    call.fromString(bytes.fromhex(request["hex"]))
    return {"args": {key: get(call.fields[inner]) for inner, key in names(call)}}


for line in sys.stdin:
    try:
        print(json.dumps(answer(json.loads(line))), flush=True)
    except Exception as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)

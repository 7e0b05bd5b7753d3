"""Samba's own security descriptors: one request per line in, one answer per line out, both JSON.

{"sddl": text}                                      -> {"hex": NDR bytes, "sddl": as Samba prints it}
{"hex": bytes}                                      -> {"sddl": as Samba prints it}
{"hex": bytes, "sids": [...], "privileges": bits, "desired": mask} -> {"granted": mask}, or {"granted": null}
An answer {"error": name} is a refusal.
"""

import json
import sys

from samba import NTSTATUSError, security as checks
from samba.dcerpc import security
from samba.ndr import ndr_pack, ndr_unpack

DOMAIN = security.dom_sid("S-1-5-21-1-2-3")


def answer(request):
    if "sddl" in request:
        descriptor = security.descriptor.from_sddl(request["sddl"], DOMAIN)
        return {"hex": ndr_pack(descriptor).hex(), "sddl": descriptor.as_sddl(DOMAIN)}
    descriptor = ndr_unpack(security.descriptor, bytes.fromhex(request["hex"]))
    if "desired" not in request:
        return {"sddl": descriptor.as_sddl(DOMAIN)}
    token = security.token()
    token.sids = [security.dom_sid(sid) for sid in request["sids"]]
    token.num_sids = len(request["sids"])
    token.privilege_mask = request["privileges"]
    try:
        return {"granted": checks.access_check(descriptor, token, request["desired"])}
    except NTSTATUSError:
        return {"granted": None}


for line in sys.stdin:
    try:
        result = answer(json.loads(line))
    except Exception as error:
        result = {"error": type(error).__name__}
    print(json.dumps(result), flush=True)

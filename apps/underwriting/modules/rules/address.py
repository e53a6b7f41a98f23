from datetime import datetime

from apps.underwriting.choices import Bucket, Reason
from apps.underwriting.dtos import Facts, Finding, PolicyTerms
from apps.underwriting.modules.rules.base import at_least, stop, when


def judge(facts: Facts, terms: PolicyTerms, at: datetime) -> list[Finding]:
    address, platform = facts.address, facts.platform
    shared = 30 if at_least(platform.people_at_address, Bucket.MANY) else 15
    return [
        *stop(platform.is_destination_for_review, Reason.DESTINATION_FOR_REVIEW),
        *when(at_least(platform.people_at_destination, Bucket.ONE), Reason.DESTINATION_SHARED, 30),
        *when(address.is_missing, Reason.ADDRESS_MISSING, 20),
        *when(address.is_po_box, Reason.PO_BOX, 15),
        *when(at_least(platform.people_at_address, Bucket.SEVERAL), Reason.ADDRESS_SHARED, shared),
    ]

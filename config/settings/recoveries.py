"""When a shopper is asked for an advance that was not earned, and how often."""

from datetime import timedelta

# The shopper may object so long; then comes the first warning.
RECOVERY_OBJECTION = timedelta(days=7)
RECOVERY_FIRST_CHARGE = timedelta(days=7)
RECOVERY_NOTICE = timedelta(days=3)
RECOVERY_RETRY = timedelta(days=5)
RECOVERY_INSTALMENT_EVERY = timedelta(days=7)
# From the first attempt to the last; a charge that is held back is looked at again every day.
RECOVERY_ATTEMPTS_WITHIN = timedelta(days=15)
RECOVERY_LOOK_AGAIN = timedelta(days=1)
# A tracking number is the shopper's word; a scan of the carrier holds until the parcel arrives.
RECOVERY_BELIEVE_SHOPPER = timedelta(days=21)
# The card may be charged so long after the day by which the goods had to be back.
RECOVERY_CONSENT_LASTS = timedelta(days=60)
# Units of the currency above which a second person writes off.
RECOVERY_SECOND_PERSON_ABOVE = "200"

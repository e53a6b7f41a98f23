"""What beat starts and when; every job claims its slot in the database, so two beats do no harm."""

from datetime import timedelta
from typing import TypedDict

from celery.schedules import crontab
from django.conf import settings


class Options(TypedDict):
    queue: str
    expires: int


class Job(TypedDict):
    task: str
    schedule: timedelta | crontab
    options: Options


def job(task: str, schedule: timedelta | crontab, queue: str = "default") -> Job:
    return {"task": task, "schedule": schedule, "options": {"queue": queue, "expires": 300}}


BEAT_SCHEDULE: dict[str, Job] = {
    "announce events left behind": job("apps.events.tasks.sweep_events", settings.SWEEP_EVERY),
    "process webhooks left behind": job(
        "apps.events.tasks.process_inbox", settings.INBOX_EVERY, "inbound"
    ),
    "prune webhooks and job runs": job("apps.events.tasks.prune_events", crontab(minute="41")),
    # Twice an hour for a slot of an hour: a run that was lost or broke off is made good.
    "reconcile": job("apps.events.tasks.reconcile", crontab(minute="13,43"), "bulk"),
    "take up imports left behind": job("apps.orders.tasks.resume_imports", timedelta(minutes=1)),
    "find what the webhooks of shops did not bring": job(
        "apps.orders.tasks.catch_up_with_shops", settings.CATCH_UP_EVERY / 3, "connectors"
    ),
    "go on reading shops": job(
        "apps.orders.tasks.resume_syncs", timedelta(minutes=1), "connectors"
    ),
    "check the subscriptions at shops": job(
        "apps.orders.tasks.check_subscriptions", settings.SUBSCRIPTIONS_EVERY / 6, "connectors"
    ),
    "write to shops what was left behind": job(
        "apps.orders.tasks.send_platform_actions", settings.SWEEP_EVERY, "connectors"
    ),
    "remind, cancel and let go what nobody sent": job(
        "apps.orders.tasks.watch_returns", crontab(minute="7,37")
    ),
    "warn and charge for what is to be recovered": job(
        "apps.orders.tasks.watch_recoveries", crontab(minute="17,47")
    ),
    "carry on payments left behind": job(
        "apps.payments.tasks.sweep_payments", settings.SWEEP_EVERY, "money"
    ),
    "find what Stripe's webhooks did not bring": job(
        "apps.payments.tasks.catch_up_with_stripe", timedelta(minutes=10), "money"
    ),
    # Four slots a day, each tried every hour: a provider may be silent for a while.
    "match days with the balance reports of providers": job(
        "apps.payments.tasks.match_balances", crontab(minute="33"), "bulk"
    ),
    # A slot a day, tried every hour until it is done.
    "ask again about refunds that succeeded": job(
        "apps.payments.tasks.look_again", crontab(minute="47"), "bulk"
    ),
    "remove cards of quotes that nobody opened": job(
        "apps.payments.tasks.remove_cards", crontab(minute="53"), "money"
    ),
    "close store credit whose time is over": job(
        "apps.payments.tasks.expire_store_credit", crontab(minute="23"), "money"
    ),
    "close the months of billing": job("apps.billing.tasks.close_months", crontab(minute="19")),
    "dun unpaid invoices": job("apps.billing.tasks.dun_invoices", crontab(minute="29")),
    "send mails left behind": job(
        "apps.notifications.tasks.send_left_behind", timedelta(minutes=5), "mail"
    ),
    "mail the letters of dunning": job("apps.billing.tasks.send_letters", crontab(minute="9,39")),
    "see which invoices were paid on a page": job(
        "apps.billing.tasks.look_at_pages", timedelta(minutes=5), "money"
    ),
    "charge invoices to saved cards": job(
        "apps.billing.tasks.charge_cards", timedelta(minutes=5), "money"
    ),
    "expire labels": job("apps.deliveries.tasks.expire_labels", timedelta(minutes=10)),
    "make missing labels": job(
        "apps.deliveries.tasks.make_missing_labels", timedelta(minutes=2), "connectors"
    ),
    "purge answers by idempotency key": job(
        "apps.api.tasks.purge_idempotency_records", crontab(minute="11")
    ),
    "purge traces of the portal": job("apps.api.tasks.purge_portal_traces", crontab(minute="14")),
    "forget shops that nobody claimed": job(
        "apps.integrations.tasks.purge_installations", crontab(minute="3,33")
    ),
    "forget bank accounts of old transfers": job(
        "apps.payments.tasks.forget_bank_accounts", crontab(minute="51"), "bulk"
    ),
    "forget what imports, quotes and shops told": job(
        "apps.orders.tasks.forget_old_words", crontab(minute="57"), "bulk"
    ),
    "erase shoppers when nothing is open": job(
        "apps.api.tasks.erase_shoppers", crontab(minute="7-59/15"), "bulk"
    ),
    "purge sessions of shoppers": job("apps.api.tasks.purge_sessions", crontab(minute="17")),
}

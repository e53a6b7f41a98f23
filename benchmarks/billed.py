"""A month of fees of the merchant, in SQL, ready to be closed."""

import psycopg

from benchmarks.seeding import IDS

# Noon, so that the day is the same in the seller's time zone.
_MONTH = """
CREATE TEMP TABLE month AS
SELECT m.id AS merchant_id, first::date AS first, first + interval '12 hours' AS noon
FROM accounts_merchant m, date_trunc('month', now() - interval '1 month') first
"""
_PROFILE = """
INSERT INTO billing_billingprofile (id, created_at, updated_at, legal_name, street, city, postcode,
  country, email, vat_number, currency, method, last_four, mandate_id, merchant_id)
SELECT gen_random_uuid(), now(), now(), 'Tienda Norte S.L.', 'Calle Mayor 1', 'Bilbao', '48001',
  'ES', 'facturas@tienda.example', 'ESB12345674', 'EUR', 'bank_transfer', '', '', merchant_id
FROM month
ON CONFLICT (merchant_id) DO UPDATE SET street = excluded.street, city = excluded.city,
  postcode = excluded.postcode, vat_number = excluded.vat_number
"""
_PLAN = """
INSERT INTO billing_plan (id, created_at, updated_at, code, name, is_offered)
SELECT pg_temp.v7(noon, 'plan', 1), noon, noon, 'bench', 'Advanced', true FROM month
"""
_PRICES = """
INSERT INTO billing_feeschedule (id, created_at, updated_at, currency, starts_on, monthly_minor,
  request_minor, instant_minor, instant_bp, label_minor, label_margin_bp, minimum_minor, plan_id)
SELECT pg_temp.v7(noon, 'prices', 1), noon, noon, 'EUR', first, 9900, 30, 50, 100, 25, 1000, 5000,
  pg_temp.v7(noon, 'plan', 1) FROM month
"""
_SUBSCRIPTION = """
INSERT INTO billing_subscription (id, created_at, updated_at, currency, starts_on, merchant_id,
  plan_id)
SELECT pg_temp.v7(noon, 'subscription', 1), noon, noon, 'EUR', first, merchant_id,
  pg_temp.v7(noon, 'plan', 1) FROM month
"""
# Of ten fees six are requests, two labels, one an advance's, one the advance; a few are credits.
_FEES = """
INSERT INTO billing_fee (id, created_at, updated_at, kind, vat_class, currency, amount_minor,
  description, subject_type, subject_id, reference, event_id, occurred_at, period, merchant_id)
SELECT pg_temp.v7(at, 'fee', n), at, at, kind,
  CASE kind WHEN 'disbursement' THEN 'outside' ELSE 'service' END, 'EUR',
  CASE kind WHEN 'request' THEN 30 WHEN 'logistics' THEN 400 + n %% 200
    WHEN 'instant' THEN 50 + n %% 90 WHEN 'disbursement' THEN 5000 + n %% 4000 ELSE -100 END,
  CASE kind WHEN 'request' THEN 'Return requests' WHEN 'logistics' THEN 'Return labels'
    WHEN 'instant' THEN 'Instant refunds' WHEN 'disbursement' THEN 'Advances paid to shoppers'
    ELSE 'Credit: outage ' || n END,
  'orders.return', pg_temp.v7(at, 'subject', n), '', pg_temp.v7(at, 'event', n), at, first,
  merchant_id
FROM month, generate_series(1, %(count)s) n,
  LATERAL (SELECT noon + interval '1 minute' * (n %% 38000) AS at,
    CASE WHEN n %% 5000 = 0 THEN 'credit' WHEN n %% 10 < 6 THEN 'request'
      WHEN n %% 10 < 8 THEN 'logistics' WHEN n %% 10 = 8 THEN 'instant'
      ELSE 'disbursement' END AS kind) fee
"""
STEPS = (IDS, _MONTH, _PROFILE, _PLAN, _PRICES, _SUBSCRIPTION, _FEES)


def charge(connection: psycopg.Connection, count: int) -> None:
    """`count` fees of last month beside a plan and its prices; a profile to be invoiced."""
    cursor = psycopg.ClientCursor(connection)
    with connection.transaction():
        cursor.execute("SET LOCAL session_replication_role = replica")
        for step in STEPS:
            cursor.execute(step, {"count": count})
    connection.execute("DROP TABLE month")
    connection.execute("VACUUM ANALYZE billing_fee")

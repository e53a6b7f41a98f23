"""Long histories of a few shoppers and a short one of everybody else, in SQL."""

import psycopg

from benchmarks.seeding import IDS

# Fifty is as far as a decision counts.
MOST = 50
# Whoever was decided on takes over fifty orders of others.
_REGULARS = """
CREATE TEMP TABLE regular AS
SELECT o.customer_id, a.id AS assessment_id, row_number() OVER (ORDER BY a.id) AS place
FROM underwriting_assessment a JOIN orders_order o ON o.id = a.order_id
"""
_PAST = """
CREATE TEMP TABLE past AS
SELECT o.id AS order_id, o.merchant_id, o.store_id, r.customer_id, r.assessment_id, o.n,
  now() - interval '1 day' * (2 + o.n %% 85) AS at
FROM (SELECT o.*, row_number() OVER (ORDER BY md5(number) DESC) AS n FROM orders_order o
  WHERE o.id NOT IN (SELECT order_id FROM underwriting_assessment)) o
JOIN regular r ON r.place = (o.n + %(most)s - 1) / %(most)s
"""
_ORDERS = """
UPDATE orders_order o SET customer_id = p.customer_id FROM past p WHERE p.order_id = o.id
"""
_CUSTOMERS = """
UPDATE accounts_customer SET orders_count = 51, returns_count = %(most)s
WHERE id IN (SELECT customer_id FROM regular)
"""
_RETURNS = """
INSERT INTO orders_return (id, created_at, updated_at, number, type, mode, status, filed_by,
  refund_method, return_method, currency, breakdown, terms, net_minor, policy_version,
  requested_at, opened_at, received_at, decided_at, reject_reason, notes, external_id, customer_id,
  merchant_id, order_id, store_id, due_minor, paid_minor, needs_approval)
SELECT pg_temp.v7(at, 'return', n), at, at, 'P' || n, 'refund', 'standard', 'accepted', 'shopper',
  'original', '{}', 'EUR', '{}', '{}', 1000, 1, at, at, at, at, '', '[]', '', customer_id,
  merchant_id, order_id, store_id, 0, 0, false FROM past
"""
_LINES = """
INSERT INTO orders_returnlineitem (id, created_at, updated_at, quantity, wish, comment, images,
  reception, decision, reject_reason, disposition, grade, currency, amount_minor, tax_minor,
  refunded_minor, waives_fees, line_item_id, merchant_id, ret_id)
SELECT pg_temp.v7(at, 'returnline' || l.position, n), at, at, 1, 'refund', '', '[]', 'received',
  'accepted', '', 'restocked', 'A', 'EUR', 1000, 174, 1000, false, l.id, l.merchant_id,
  pg_temp.v7(at, 'return', n)
FROM past JOIN orders_lineitem l ON l.order_id = past.order_id AND l.position < 2
"""
_COLUMNS = """request_id, version, at, status, rung, currency, value_minor, now_minor,
  at_scan_minor, at_delivery_minor, at_inspection_minor, score, reasons, inputs, caps,
  policy_version, merchant_id, store_id"""
_VALUES = """a.version, p.at, a.status, a.rung, a.currency, a.value_minor, a.now_minor,
  a.at_scan_minor, a.at_delivery_minor, a.at_inspection_minor, a.score, a.reasons, a.inputs, a.caps,
  a.policy_version, a.merchant_id, a.store_id"""
_DECISIONS = f"""
INSERT INTO underwriting_assessment (id, created_at, updated_at, order_id, {_COLUMNS},
  shopper_mark_id, phone_mark_id, address_mark_id, iban_mark_id)
SELECT pg_temp.v7(p.at, 'decision', p.n), p.at, p.at, p.order_id, gen_random_uuid(), {_VALUES},
  a.shopper_mark_id, a.phone_mark_id, a.address_mark_id, a.iban_mark_id
FROM past p JOIN underwriting_assessment a ON a.id = p.assessment_id
"""  # noqa: S608
_ENDINGS = """
INSERT INTO underwriting_outcome (id, created_at, updated_at, kind, currency, amount_minor, at,
  assessment_id, merchant_id, shopper_mark_id)
SELECT pg_temp.v7(p.at, 'ending', p.n), p.at, p.at, 'settled', 'EUR', 1000, p.at,
  pg_temp.v7(p.at, 'decision', p.n), p.merchant_id, a.shopper_mark_id
FROM past p JOIN underwriting_assessment a ON a.id = p.assessment_id
"""
# Everybody else was decided on once, under marks that nobody asks for again.
_IDENTITIES = """
INSERT INTO underwriting_identity (id, created_at, updated_at, kind, digest)
SELECT pg_temp.v7(now(), kind, n), now(), now(), kind, md5(kind || n) || md5(n || kind)
FROM (SELECT row_number() OVER () AS n FROM orders_order) o, unnest(ARRAY['email', 'address']) kind
"""
_OTHERS = f"""
INSERT INTO underwriting_assessment (id, created_at, updated_at, order_id, {_COLUMNS},
  shopper_mark_id, address_mark_id)
SELECT pg_temp.v7(p.at, 'other', p.n), p.at, p.at, p.order_id, gen_random_uuid(), {_VALUES},
  pg_temp.v7(now(), 'email', p.n), pg_temp.v7(now(), 'address', p.n)
FROM (SELECT o.id AS order_id, row_number() OVER () AS n, o.placed_at AS at FROM orders_order o) p,
  (SELECT a.* FROM underwriting_assessment a LIMIT 1) a
"""  # noqa: S608
STEPS = (
    *(IDS, _REGULARS, _PAST, _ORDERS, _CUSTOMERS, _RETURNS, _LINES, _IDENTITIES, _DECISIONS),
    *(_ENDINGS, _OTHERS),
)
TABLES = """orders_order, orders_return, orders_returnlineitem, accounts_customer,
  underwriting_assessment, underwriting_identity, underwriting_outcome"""


def lengthen(connection: psycopg.Connection) -> None:
    """Fifty more orders, returns, decisions and endings for each shopper who was decided on."""
    cursor = psycopg.ClientCursor(connection)
    with connection.transaction():
        cursor.execute("SET LOCAL session_replication_role = replica")
        for step in STEPS:
            cursor.execute(step, {"most": MOST})
    connection.execute("DROP TABLE regular, past")
    cursor.execute(f"VACUUM ANALYZE {TABLES}")

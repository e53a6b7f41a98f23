"""A paid refund for every order of a shop, with its return, its books and its events, in SQL."""

import psycopg

from benchmarks.seeding import IDS

# One unit of the first line of each order went back for 10.00: to a bank account where n is even,
# as store credit where it is odd.
_PAID = """
CREATE TEMP TABLE paid AS
SELECT o.n, o.id AS order_id, o.merchant_id, o.store_id, o.customer_id, t.id AS tender_id,
  l.id AS line_id, o.at, pg_temp.v7(o.at, 'return', n) AS ret_id,
  pg_temp.v7(o.at, 'payment', n) AS id,
  CASE n %% 2 WHEN 0 THEN 'bank_transfer' ELSE 'store_credit' END AS gateway
FROM (SELECT o.*, row_number() OVER (ORDER BY id) AS n, placed_at + interval '1 hour' AS at
  FROM orders_order o) o
JOIN orders_ordertender t ON t.order_id = o.id
JOIN orders_lineitem l ON l.order_id = o.id AND l.position = 0
"""
_ORDERS = "UPDATE orders_order SET refunded_minor = 1000"
_TENDERS = "UPDATE orders_ordertender SET refunded_minor = 1000"
_LINES = """
UPDATE orders_lineitem SET returned_quantity = 1, refunded_quantity = 1, refunded_minor = 1000
WHERE position = 0
"""
_RETURNS = """
INSERT INTO orders_return (id, created_at, updated_at, number, type, mode, status, filed_by,
  refund_method, return_method, currency, breakdown, terms, net_minor, settlement, policy_version,
  requested_at, opened_at, received_at, decided_at, reject_reason, notes, external_id, customer_id,
  merchant_id, order_id, store_id, due_minor, paid_minor, needs_approval)
SELECT ret_id, at, at, 'R' || n, 'refund', 'standard', 'accepted', 'shopper', gateway, '{}', 'EUR',
  '{}', '{}', 1000, '{}', 1, at, at, at, at, '', '[]', '', customer_id, merchant_id, order_id,
  store_id, 0, 0, false FROM paid
"""
_RETURN_LINES = """
INSERT INTO orders_returnlineitem (id, created_at, updated_at, quantity, wish, comment, images,
  reception, decision, reject_reason, disposition, grade, currency, amount_minor, tax_minor,
  refunded_minor, waives_fees, received_at, decided_at, line_item_id, merchant_id, ret_id)
SELECT pg_temp.v7(at, 'returnline', n), at, at, 1, 'refund', '', '[]', 'received', 'accepted', '',
  'restocked', 'A', 'EUR', 1000, 174, 1000, false, at, at, line_id, merchant_id, ret_id FROM paid
"""
_PAYMENTS = """
INSERT INTO payments_payment (id, created_at, updated_at, gateway, environment, direction, purpose,
  status, currency, amount_minor, generation, idempotency_key, provider_ref, destination_hash,
  attempts, submitted_at, settled_at, failure_code, needs_second_person, merchant_id, order_id,
  polymorphic_ctype_id, ret_id, store_id, tender_id)
SELECT paid.id, at, at, gateway, 'live', 'out', 'refund', 'succeeded', 'EUR', 1000, 1,
  'refund:' || paid.id || ':1', 'ref-' || n, '', 1, at, at, '', false, merchant_id, order_id,
  c.id, ret_id, store_id, tender_id
FROM paid JOIN django_content_type c ON c.app_label = 'payments'
  AND c.model = CASE gateway WHEN 'store_credit' THEN 'storecreditrefund'
    ELSE 'banktransferpayout' END
"""
_CREDITS = """
INSERT INTO payments_storecreditrefund (payment_ptr_id, credit_expires_at)
SELECT id, at + interval '2 years' FROM paid WHERE gateway = 'store_credit'
"""
_PAYOUTS = """
INSERT INTO payments_banktransferpayout (payment_ptr_id, last_four)
SELECT id, '1332' FROM paid WHERE gateway = 'bank_transfer'
"""
_ACCOUNTS = """
INSERT INTO payments_storecreditaccount (id, created_at, updated_at, code_hash, code_hint, currency,
  balance_minor, issued_minor, spent_minor, voided_minor, expired_minor, expires_at, customer_id,
  merchant_id, ret_id, store_id)
SELECT pg_temp.v7(at, 'credit', n), at, at, md5('a' || n) || md5('b' || n), 'GH78', 'EUR', 1000,
  1000, 0, 0, 0, at + interval '2 years', customer_id, merchant_id, ret_id, store_id
FROM paid WHERE gateway = 'store_credit'
"""
_MOVEMENTS = """
INSERT INTO payments_storecreditmovement (id, created_at, updated_at, kind, reference, currency,
  amount_minor, at, account_id, merchant_id, payment_id)
SELECT pg_temp.v7(at, 'movement', n), at, at, 'issue', 'issue', 'EUR', 1000, at,
  pg_temp.v7(at, 'credit', n), merchant_id, id FROM paid WHERE gateway = 'store_credit'
"""
# Each transaction debits the first account and credits the second.
_POSTED = """
CREATE TEMP TABLE posted AS
SELECT pg_temp.v7(at, 'books' || step.kind, n) AS id, n, at, merchant_id, step.kind, debit, credit,
  CASE step.kind WHEN 'promised' THEN 'orders.return' ELSE 'payments.payment' END AS source_type,
  CASE step.kind WHEN 'promised' THEN ret_id ELSE paid.id END AS source_id
FROM paid JOIN (VALUES
  ('store_credit', 'promised', 'refunds_granted', 'refunds_payable'),
  ('store_credit', 'succeeded.1', 'refunds_payable', 'store_credit_liability'),
  ('bank_transfer', 'promised', 'refunds_granted', 'refunds_payable'),
  ('bank_transfer', 'sent.1', 'refunds_payable', 'bank_in_transit'),
  ('bank_transfer', 'succeeded.1', 'bank_in_transit', 'bank')
) AS step (gateway, kind, debit, credit) USING (gateway)
"""
_TRANSACTIONS = """
INSERT INTO payments_ledgertransaction (id, created_at, updated_at, source_type, source_id, kind,
  at, merchant_id)
SELECT id, at, at, source_type, source_id, kind, at, merchant_id FROM posted
"""
_BOOKS = """
INSERT INTO payments_ledgeraccount (id, created_at, updated_at, kind, nature, currency,
  balance_minor, may_overdraw, merchant_id)
SELECT gen_random_uuid(), now(), now(), kind,
  CASE kind WHEN 'refunds_granted' THEN 'expense' WHEN 'refunds_payable' THEN 'liability'
    WHEN 'store_credit_liability' THEN 'liability' ELSE 'asset' END,
  'EUR', sum(amount), false, merchant_id
FROM (SELECT merchant_id, debit AS kind, 1000 AS amount FROM posted
  UNION ALL SELECT merchant_id, credit, -1000 FROM posted) sides
GROUP BY merchant_id, kind
"""
_ENTRIES = """
INSERT INTO payments_ledgerentry (id, created_at, updated_at, currency, amount_minor, account_id,
  merchant_id, transaction_id)
SELECT pg_temp.v7(at, p.kind || side.amount, n), at, at, 'EUR', side.amount, a.id, p.merchant_id,
  p.id
FROM posted p, LATERAL (VALUES (debit, 1000), (credit, -1000)) AS side (kind, amount),
  payments_ledgeraccount a WHERE a.merchant_id = p.merchant_id AND a.kind = side.kind
"""
_EVENTS = """
INSERT INTO events_event (id, merchant_id, subject_type, subject_id, sequence, kind, payload,
  actor_kind, actor_id, at, announced_at, attempts, available_at)
SELECT pg_temp.v7(at, 'event' || told.kind, n), merchant_id, told.subject,
  CASE told.subject WHEN 'orders.order' THEN order_id WHEN 'orders.return' THEN ret_id ELSE id END,
  told.sequence, told.kind, '{}', 'system', '', at, at, 1, at
FROM paid, (VALUES ('orders.order', 1, 'order.imported'), ('orders.return', 1, 'return.opened'),
  ('orders.return', 2, 'return.received'), ('orders.return', 3, 'return.accepted'),
  ('payments.payment', 1, 'refund.promised'), ('payments.payment', 2, 'refund.sent'),
  ('payments.payment', 3, 'refund.succeeded')) AS told (subject, sequence, kind)
"""
STEPS = (
    *(IDS, _PAID, _ORDERS, _TENDERS, _LINES, _RETURNS, _RETURN_LINES, _PAYMENTS, _CREDITS),
    *(_PAYOUTS, _ACCOUNTS, _MOVEMENTS, _POSTED, _TRANSACTIONS, _BOOKS, _ENTRIES, _EVENTS),
)


def pay(connection: psycopg.Connection) -> None:
    """As many payments as there are orders, nothing of it for reconciliation to find."""
    cursor = psycopg.ClientCursor(connection)
    with connection.transaction():
        cursor.execute("SET LOCAL session_replication_role = replica")
        for step in STEPS:
            cursor.execute(step, {})
    connection.execute("DROP TABLE paid, posted")
    connection.execute("VACUUM ANALYZE")

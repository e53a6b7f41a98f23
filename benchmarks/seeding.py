"""The shop that is measured: a merchant as the product opens it, then orders by the ten thousand
in SQL. `python -m benchmarks.seeding` furnishes the empty shop and prints its API key."""

import hashlib

import psycopg

from benchmarks.place import PREFIX, ROOT, Place

STORE = "tienda-norte"
SHOP = f"{PREFIX}_shop"
SHOPPERS = 8_000
# Version 7: the milliseconds of the moment, then digits that are fixed by a word and a number. With
# `n` as a text by itself it would not be immutable, and called instead of inlined.
IDS = """
CREATE OR REPLACE FUNCTION pg_temp.v7(at timestamptz, kind text, n bigint)
RETURNS uuid IMMUTABLE LANGUAGE sql
AS $$ SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7'
  || lpad(to_hex(n %% 4096), 3, '0') || '8' || substr(md5(kind || n::text), 1, 15))::uuid $$
"""
_ORDERS = """
CREATE TEMP TABLE told AS
SELECT n, s.merchant_id, s.id AS store_id, p.at, pg_temp.v7(p.at, 'order', n) AS id,
  pg_temp.v7(p.at, 'customer', n) AS customer_id, 2000 + (n %% 7) * 500 AS price
FROM accounts_store s, generate_series(1, %(count)s) n,
  LATERAL (SELECT now() - interval '20 days' * (%(count)s - n) / %(count)s
    - interval '1 day' AS at) p
WHERE s.slug = %(store)s
"""
_CUSTOMERS = """
INSERT INTO accounts_customer (id, created_at, updated_at, email, phone, name, external_id,
  language, tags, orders_count, returns_count, merchant_id)
SELECT customer_id, at, at, 'shopper' || n || '@example.com', '', 'Shopper ' || n, 'c' || n, 'es',
  '[]', 0, 0, merchant_id FROM told
"""
_ROWS = """
INSERT INTO orders_order (id, created_at, updated_at, external_id, number, currency,
  presentment_currency, presentment_rate, tax_included, placed_at, shipped_at, delivered_at,
  version, snapshot_hash, total_minor, captured_minor, refunded_minor, shipping_minor,
  shipping_tax_minor, shipping_refunded_minor, duties_minor, duties_refunded_minor, shipping_lines,
  discounts, tags, shipping_address, email, flags, customer_id, merchant_id, store_id)
SELECT id, at, at, 'e' || n, '#' || n, 'EUR', '', '', true, at, at + interval '2 hours',
  at + interval '1 day', 1, md5(n::text), 3 * price + 500, 3 * price + 500, 0, 500, 87, 0, 0, 0,
  '[{"title": "Post", "total_minor": 500, "tax_minor": 87}]', '[]', '["spring"]',
  jsonb_build_object('name', 'Shopper ' || n, 'company', '', 'street', 'Calle Mayor ' || n,
    'street2', '', 'postcode', '48001', 'city', 'Bilbao', 'region', 'Bizkaia', 'country', 'ES',
    'phone', '+34' || 600000000 + n),
  'shopper' || n || '@example.com', '[]', customer_id, merchant_id, store_id FROM told
"""
_LINES = """
INSERT INTO orders_lineitem (id, created_at, updated_at, external_id, position, product_id,
  variant_id, title, variant_title, sku, ean, category, quantity, fulfilled_quantity,
  returned_quantity, refunded_quantity, exchanged_quantity, currency, unit_price_minor,
  total_minor, tax_minor, paid_minor, refunded_minor, discounts, taxes, is_final_sale, is_gift,
  is_returnable, hs_code, origin_country, weight_grams, image_url, merchant_id, order_id)
SELECT pg_temp.v7(at, 'line', n * 3 + k), at, at, 'l' || k, k, 'p' || n %% 500,
  'v' || n %% 500 || '-' || k, 'Linen shirt ' || k, 'M', 'SKU-' || n %% 500 || '-' || k,
  '8400000000000', 'shirts', 2, 2, 0, 0, 0, 'EUR', price / 2, price, price * 21 / 121, price, 0,
  '[]', '[{"title": "IVA", "rate": "0.21", "amount_minor": 347}]', false, false, true, '', 'PT',
  200, 'https://cdn.tienda.example/shirt.jpg', merchant_id, id
FROM told, generate_series(0, 2) k
"""
_TENDERS = """
INSERT INTO orders_ordertender (id, created_at, updated_at, external_id, kind, gateway, currency,
  captured_minor, refunded_minor, at_shop_minor, merchant_id, order_id)
SELECT pg_temp.v7(at, 'tender', n), at, at, 'pay-' || n, 'card', 'stripe', 'EUR',
  3 * price + 500, 0, 0, merchant_id, id FROM told
"""
# The token of the n-th is `bench-n`; only its hash is stored, as for every session.
_SESSIONS = """
INSERT INTO api_portalsession (id, created_at, updated_at, token_hash, last_seen_at, level,
  merchant_id, store_id, order_id)
SELECT pg_temp.v7(now(), 'session', n), now(), now(),
  encode(sha256(convert_to('bench-' || n, 'UTF8')), 'hex'), now() + interval '20 minutes',
  'search', merchant_id, store_id, id FROM told ORDER BY n DESC LIMIT %(shoppers)s
"""
STEPS = (IDS, _ORDERS, _CUSTOMERS, _ROWS, _LINES, _TENDERS, _SESSIONS)


def make_shop(place: Place) -> str:
    """The empty shop, in a database that the others are copied from; the text of its API key."""
    template = f"{PREFIX}_{migrations()}"
    if not place.has(template):
        place.create(template)
        place.run(template, "django", "migrate", "--noinput", "-v", "0")
        place.release(template)
    place.create(SHOP, template)
    key = place.run(SHOP, "benchmarks.seeding").strip().splitlines()[-1]
    place.release(SHOP)
    return key


def migrations() -> str:
    """A word for every migration as it is: a migrated database is kept from run to run."""
    digest = hashlib.sha256()
    for path in sorted(ROOT.glob("apps/**/migrations/*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def fill(connection: psycopg.Connection, count: int) -> None:
    """`count` orders of three lines, one customer and one payment each, the newest a day old."""
    given = {"count": count, "store": STORE, "shoppers": SHOPPERS}
    cursor = psycopg.ClientCursor(connection)
    with connection.transaction():
        # Foreign keys hold by construction; checking 10^6 of them row by row takes a minute.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for step in STEPS:
            cursor.execute(step, given)
    connection.execute("DROP TABLE told")
    connection.execute("VACUUM ANALYZE")


def furnish() -> str:
    """The empty shop: reasons, ways back, no fee for the slot that has none; the text of a key."""
    from apps.accounts import services
    from apps.accounts.management.commands.seed_sandbox import REQUEST
    from apps.accounts.management.commands.seed_sandbox import STORE as DETAILS
    from apps.api.management.commands.seed_shop import furnish as furnish_shop
    from apps.users import choices as users
    from apps.users.models import ApiKey

    merchant = services.open_merchant(REQUEST)
    furnish_shop(merchant.open_store(DETAILS))
    scopes = users.ApiKey.Scope.values
    return ApiKey.issue(merchant, "Bench", users.ApiKey.Environment.LIVE, scopes)[1]


if __name__ == "__main__":
    import django

    django.setup()
    print(furnish())

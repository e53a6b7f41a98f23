from pathlib import Path

import pytest

from scripts import house_rules
from scripts.house_table import RULES, File

TEST = "apps/orders/tests/test_returns.py"
VIEW = "apps/api/merchants/views.py"
MIGRATION = "apps/orders/migrations/0001_initial.py"
SERVICE = "apps/orders/services.py"

BAD = [
    ("factories", TEST, "Order.objects.create(number='1')"),
    ("factories", TEST, "Order.objects.bulk_create(rows)"),
    ("factories", TEST, "order.lines.model.objects.get_or_create(sku='1')"),
    ("test-names", TEST, "class TestReturn:\n    def test_it(self): assert 1"),
    ("test-names", TEST, "class ReturnTests:\n    async def test_it(self): assert 1"),
    ("bare-assert", TEST, "self.assertEqual(1, 1)"),
    ("bare-assert", TEST, "self.fail('no')"),
    ("float", SERVICE, "total = float(text)"),
    ("float", SERVICE, "total = price * 0.21"),
    ("tenant-door", VIEW, "Order.objects.get(pk=order_id)"),
    ("tenant-door", VIEW, "Order.objects.all().get(id=order_id)"),
    ("tenant-door", VIEW, "get_object_or_404(Order, pk=order_id)"),
    ("choices-by-name", MIGRATION, "models.CharField(choices=[('a', 'A')])"),
    ("print", SERVICE, "print('here')"),
    (
        "delay-in-atomic",
        SERVICE,
        "with transaction.atomic():\n    if row:\n        task.delay(row.pk)",
    ),
    ("tls", SERVICE, "client(verify=False)"),
    ("tls", TEST, "client(verify=False)"),
    ("swallow", SERVICE, "try:\n    act()\nexcept Exception:\n    pass"),
    ("swallow", SERVICE, "try:\n    act()\nexcept:\n    pass"),
    ("swallow", SERVICE, "try:\n    act()\nexcept BaseException as error:\n    pass"),
    ("all-fields", VIEW, "class Meta:\n    fields = '__all__'"),
    ("mark-safe", VIEW, "from django.utils.safestring import mark_safe"),
    ("signals", SERVICE, "from django.db.models.signals import post_save"),
    ("signals", SERVICE, "from django.db.models.signals import pre_delete as gone"),
    ("raw-sql", SERVICE, "cursor.execute(f'select {name}')"),
    ("raw-sql", SERVICE, "Order.objects.raw('select 1')"),
    ("file-name", "apps/orders/utils.py", ""),
    ("file-name", "apps/orders/use_cases/refund.py", ""),
    ("size", "apps/orders/mixins/review.py", "x = 1\n" * 151),
    ("size", SERVICE, "x = 1\n" * 301),
    ("size", TEST, "x = 1\n" * 501),
    ("undone", SERVICE, "x = 1  # TODO: later"),
    ("undone", SERVICE, "# FIXME"),
]
GOOD = [
    (TEST, "OrderFactory.create(number='1')"),
    (SERVICE, "Order.objects.create(number='1')"),
    (TEST, "class ReturnTest:\n    def test_it(self): assert 1"),
    (TEST, "class FakeCarrier:\n    def label(self): ..."),
    (TEST, "assert total == 1.5"),
    (SERVICE, "total = Decimal('0.21') * 2"),
    ("apps/core/http.py", "connect = 0.5"),
    (VIEW, "Order.objects.for_merchant(merchant).get(pk=order_id)"),
    (VIEW, "get_object_or_404(Order.objects.for_merchant(merchant), pk=order_id)"),
    (SERVICE, "Order.objects.get(pk=order_id)"),
    (MIGRATION, "models.CharField(choices=choices.Return.Status.choices)"),
    (SERVICE, "models.CharField(choices=[('a', 'A')])"),
    ("scripts/runtime.py", "print('ready')"),
    (
        SERVICE,
        "with transaction.atomic():\n    transaction.on_commit(partial(task.delay, row.pk))",
    ),
    (SERVICE, "task.delay(row.pk)"),
    (SERVICE, "client(verify=True)"),
    (SERVICE, "try:\n    act()\nexcept Exception:\n    logger.exception('lost')\n    raise"),
    (SERVICE, "try:\n    act()\nexcept KeyError:\n    pass"),
    (VIEW, "class Meta:\n    fields = ['id']"),
    (VIEW, "from django.utils.html import escape"),
    (SERVICE, "from django.dispatch import receiver"),
    (SERVICE, "cursor.execute('select 1 where id = %s', [pk])"),
    ("apps/orders/helpers.py", ""),
    (MIGRATION, "x = 1\n" * 400),
    (SERVICE, "x = 1\n" * 300),
    (SERVICE, "text = '# TODO'"),
]


def names(path: str, text: str) -> set[str]:
    return {name for _, name, _ in house_rules.check(File(path, text))}


class HouseRulesTest:
    @pytest.mark.parametrize(("rule", "path", "text"), BAD)
    def test_finds(self, rule: str, path: str, text: str) -> None:
        assert names(path, text) == {rule}

    @pytest.mark.parametrize(("path", "text"), GOOD)
    def test_lets_pass(self, path: str, text: str) -> None:
        assert names(path, text) == set()

    def test_every_rule_of_the_table_has_a_bad_case(self) -> None:
        assert {rule.name for rule in RULES} <= {name for name, _, _ in BAD}


class HouseRulesCommandTest:
    def test_names_file_line_and_rule(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        folder = tmp_path / "apps" / "orders"
        folder.mkdir(parents=True)
        (folder / "services.py").write_text("x = 1\nprint(x)\n")
        assert house_rules.main(["apps"], tmp_path) == 1
        assert capsys.readouterr().out == "apps/orders/services.py:2: print: log\n"

    def test_a_single_file_without_findings(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "conftest.py").write_text("x = 1\n")
        assert house_rules.main(["conftest.py"], tmp_path) == 0
        assert capsys.readouterr().out == ""

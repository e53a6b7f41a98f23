"""A return whose money goes out before the parcel is back, and what of it is won back."""

from decimal import Decimal

from scripts.demo.client import Host, Json, new_key
from scripts.demo.merchant import Staff
from scripts.demo.shop import tell_order
from scripts.demo.shopper import Shopper
from scripts.demo.telling import Storyteller, money, wait_for

METHOD = "original"


def money_first(story: Storyteller, facts: dict[str, str], owner: Staff, number: str) -> None:
    story.step("A third order: the money goes out before the parcel comes back")
    api = Host("api", {"Authorization": f"Bearer {facts['API_KEY']}"})
    order = tell_order(api, number, facts["STORE_SLUG"])
    shopper = Shopper(facts["STORE_SLUG"], number, order["email"])
    shopper.prove(shopper.look_up()["token"])
    ret = take_offer(story, shopper)
    show_decision(story, owner.find_return(ret["number"])["advance"]["decision"])
    pay_what_is_released(story, owner, ret)
    file = owner.receive(owner.find_return(ret["number"]))
    story.fact("the parcel arrives; the rest of the advance is released")
    out = pay_what_is_released(story, owner, ret)
    amount = shopper.ret(ret["number"])["advance"]["amount"]
    story.prove(
        out == Decimal(amount["amount"]),
        f"all of the advance went out before anybody looked: {out}",
    )
    one_is_missing(story, owner, shopper, ret, file)


def take_offer(story: Storyteller, shopper: Shopper) -> Json:
    """One shirt and the scarf: 26.91 + 19.50, brought to the shop for nothing."""
    shirt, scarf = shopper.order()["lines"]
    units = [{"line": line["id"], "quantity": 1, "reason": "too_small"} for line in (shirt, scarf)]
    quote = shopper.quote(units, "shop")
    offer = next(each["instant"] for each in quote["options"] if each["method"] == METHOD)
    story.prove(offer["is_offered"], f"underwriting lets money go early: {offer['text']}")
    for part in offer["parts"]:
        story.fact(f"  {money(part['amount'])}: {part['time_to_money']['text']}")
    consent = offer["consent"]
    story.fact(f"she agrees: {consent['text']}")
    ret = shopper.take(quote["id"], METHOD, consent["version"])
    story.prove(ret["mode"] == "instant", f"return {ret['number']} is instant")
    story.prove(
        ret["advance"]["amount"]["amount"] == "46.41", "46.41 is advanced, as worked out by hand"
    )
    return ret


def show_decision(story: Storyteller, decision: Json) -> None:
    story.fact(
        f"underwriting decided {decision['rung']}, by policy {decision['policy_version']}, because:"
    )
    for reason in decision["reasons"]:
        story.fact(f"  {reason['weight']:+4}  {reason['text']} ({reason['code']})")


def pay_what_is_released(story: Storyteller, owner: Staff, ret: Json) -> Decimal:
    """The shop has no card gateway connected, so its staff give the money back there by hand."""

    def waiting() -> list[Json]:
        found = owner.refunds_of(ret["number"])
        return [each for each in found if each["status"] == "pending"]

    def all_promised() -> bool:
        released = owner.find_return(ret["number"])["advance"]["parts"]
        promised = sum(
            Decimal(each["amount"]["amount"]) for each in owner.refunds_of(ret["number"])
        )
        out = [part for part in released if part["status"] == "released"]
        return promised == sum(Decimal(part["amount"]["amount"]) for part in out)

    wait_for("what was released to be promised", all_promised)
    for payment in waiting():
        owner.confirm_refund(payment, f"card-{new_key()[:8]}")
        story.fact(f"money out: {money(payment['amount'])}")
    paid = owner.refunds_of(ret["number"])
    return sum((Decimal(each["amount"]["amount"]) for each in paid), Decimal(0))


def one_is_missing(
    story: Storyteller, owner: Staff, shopper: Shopper, ret: Json, file: Json
) -> None:
    story.step("One unit is accepted, the other was not in the parcel")
    shirt, scarf = file["lines"]
    units = [
        {"line": shirt["id"], "outcome": "accepted", "quantity": 1},
        {"line": scarf["id"], "outcome": "missing", "quantity": 1},
    ]
    decided = owner.decide(file, units, new_key())
    story.fact(f"the return is {decided['status']}")

    def ended() -> Json | None:
        page = shopper.ret(ret["number"])
        return page if page["advance"]["owed"]["amount"] == "19.50" else None

    page: Json = wait_for("the end of the advance", ended)
    story.fact(f"the portal says: {page['advance']['text']}")
    story.prove(True, "19.50 is owed for the scarf, and nothing for the shirt")
    recovery: Json = wait_for("the recovery", lambda: shopper.recoveries(ret["number"]))[0]
    story.fact(f"recovery: {recovery['text']}")
    story.prove(
        recovery["due"]["amount"] == "19.50" and recovery["status"] == "open",
        "a recovery of 19.50 is open, with time to object before anything is charged",
    )
    bill = owner.running_bill()
    story.fact("on the merchant's next invoice so far:")
    for fee in bill["fees"]:
        story.fact(f"  {fee['quantity']} x {fee['kind']}: {money(fee['net'])}")
    story.prove(bool(bill["fees"]), "the returns are on the merchant's bill")

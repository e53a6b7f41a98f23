"""Returns of the order that was bought at a connected shop, and what is written back there."""

from typing import TYPE_CHECKING

from fakes.shops.figures import Row
from scripts.demo import returns
from scripts.demo.client import Json, Refused, new_key
from scripts.demo.selling import CAP, TEE
from scripts.demo.shopper import Shopper
from scripts.demo.telling import POLITE, money, wait_for

if TYPE_CHECKING:
    from scripts.demo.at_shop import Scene

# 43.56 for two tees: 21.78 for one, less 3.95 for the label.
FIRST = "17.83"
# 17.83, and 10.00 that the shop gave back by itself.
WITH_GOODWILL = "27.83"
# A tee, the cap and the shipping are 21.78 + 10.89 + 4.84 = 37.51; 59.29 - 27.83 are left.
REST, ASKED = "31.46", "37.51"
PAID = "59.29"
# Without the 10.00 all that is due goes out; the 3.95 of the label stay: 17.83 + 37.51.
ALL_DUE, TOO_MUCH = "55.34", "3.96"


def first_return(scene: "Scene", order: Row) -> None:
    story, store = scene.story, scene.store
    shopper = _enter(scene, order)
    tee, _ = shopper.order()["lines"]
    units = [{"line": tee["id"], "quantity": 1, "reason": "too_small"}]
    ret = returns.shopper_returns(story, shopper, units, "post", "original")
    returns.merchant_decides(story, store.owner, ret, [[_good()]])
    told = scene.kind.tells_refunds
    story.step("The refund is written back at the shop" if told else "The refund is made by hand")
    refund = _refunded(scene, order, ret, FIRST)
    _where_it_went(scene, order, refund)
    here = scene.order_here(order, FIRST)
    story.prove(
        here["refunded"]["amount"] == FIRST,
        "what the shop tells of this refund counts once" if told else "this refund counts once",
    )
    returns.refund_shows(story, shopper, ret, "succeeded")
    _restocked(scene, ret, {TEE: 11, CAP: 10})


def refunded_at_the_shop(scene: "Scene", order: Row) -> None:
    story, seller = scene.story, scene.seller
    story.step("Somebody at the shop gives 10.00 more, in the shop's own admin")
    seller.goodwill(order)
    here = scene.order_here(order, WITH_GOODWILL)
    story.fact(f"here {money(here['refunded'])} of {money(here['captured'])} are given back")
    story.prove(True, f"a refund that we did not make is seen: {FIRST} + 10.00 = {WITH_GOODWILL}")


def the_rest_comes_back(scene: "Scene", order: Row) -> None:
    story, store = scene.story, scene.store
    told = scene.kind.tells_refunds
    story.step(f"Marta sends the rest back{': no more goes out than is left' if told else ''}")
    shopper = _enter(scene, order, quietly=True)
    tee, cap = shopper.order()["lines"]
    units = [{"line": line["id"], "quantity": 1, "reason": "changed_mind"} for line in (tee, cap)]
    ret = returns.shopper_returns(story, shopper, units, "shop", "original")
    returns.merchant_decides(story, store.owner, ret, [[_good()], [_good()]])
    refund = _refunded(scene, order, ret, REST if told else ASKED)
    if told:
        story.prove(
            refund["amount"]["amount"] == REST,
            f"{ASKED} would be due; {PAID} - {WITH_GOODWILL} = {REST} go out, and no cent more",
        )
    _where_it_went(scene, order, refund)
    scene.order_here(order, PAID if told else ALL_DUE)
    _restocked(scene, ret, {TEE: 12, CAP: 11})
    if told:
        _no_more(scene, ret, "0.01", "one cent more is refused")
    else:
        _no_more(scene, ret, TOO_MUCH, f"{PAID} - {ALL_DUE} = 3.95 are left, and 3.96 are refused")


def both_sides(scene: "Scene", order: Row) -> None:
    story, store, seller = scene.story, scene.store, scene.seller
    story.step("Both sides' figures")
    told = scene.kind.tells_refunds
    back, all_back = (PAID, "63.29") if told else (ALL_DUE, ALL_DUE)
    here = scene.order_here(order, back)
    at_shop = {"paid": PAID, "given back": seller.given_back(order)}
    ours = {"paid": here["captured"]["amount"], "given back": here["refunded"]["amount"]}
    for name, figure in ours.items():
        story.fact(f"{name:<12}{figure:>10} here {at_shop[name]:>10} at the shop")
    story.prove(ours == at_shop, f"paid {PAID}, given back {back}, on both sides")
    theirs, ours_all = seller.totals(), store.totals()
    story.fact(f"of all orders: {ours_all[0]} sold, {ours_all[1]} given back")
    story.prove(
        theirs == ours_all == ("785.29", all_back),
        f"726.00 + 59.29 were sold and {all_back} given back, on both sides",
    )


def _enter(scene: "Scene", order: Row, *, quietly: bool = False) -> Shopper:
    told = {"number": order["number"], "email": order["email"]}
    if not quietly:
        return returns.shopper_enters(scene.story, scene.store.slug, told)
    shopper = Shopper(scene.store.slug, order["number"], order["email"])
    shopper.prove(shopper.look_up()["token"])
    return shopper


def _good() -> Json:
    return {"outcome": "accepted", "quantity": 1, "disposition": "restocked"}


def _refunded(scene: "Scene", order: Row, ret: Json, amount: str) -> Json:
    """The one refund of the return once it is made; where no platform can, a person makes it."""
    owner = scene.store.owner

    def made() -> Json | None:
        refunds = owner.refunds_of(ret["number"])
        if refunds and refunds[0]["gateway"] == "manual" and refunds[0]["status"] == "pending":
            booked = scene.seller.by_hand(order, refunds[0]["amount"]["amount"])
            owner.confirm_refund(refunds[0], booked["id"])
            return None
        return refunds[0] if {each["status"] for each in refunds} == {"succeeded"} else None

    refund: Json = wait_for(f"the refund of {amount}", made, every=POLITE)
    scene.story.prove(
        len(owner.refunds_of(ret["number"])) == 1 and refund["amount"]["amount"] == amount,
        f"one refund of {amount}, as worked out by hand",
    )
    return refund


def _where_it_went(scene: "Scene", order: Row, refund: Json) -> None:
    story = scene.story
    cents = int(refund["amount"]["amount"].replace(".", ""))
    if scene.offered("refunds"):
        by, words = "api", "the refund went through the shop's platform"
        story.prove(refund["gateway"] == "platform", words)
    else:
        booked = " and booked it there" if scene.kind.tells_refunds else ""
        by, words = "admin", f"the shop's staff gave it back by hand{booked}"
        story.prove(refund["gateway"] == "manual", words)
        story.fact(f"because: {scene.offers['refunds']}")
    made = [row["amount"] for row in scene.seller.refunds(order) if row["by"] == by]
    story.prove(
        made.count(cents) == 1,
        f"the shop's desk says {refund['amount']['amount']} went back, once",
    )


def _restocked(scene: "Scene", ret: Json, shelf: dict[str, int]) -> None:
    """Also what the platform does not offer is told, with why."""
    story = scene.story
    return_id = scene.store.owner.find_return(ret["number"])["id"]

    def stands() -> list[Json] | None:
        written = scene.store.written(return_id)
        under_way = [each for each in written if each["status"] not in ("done", "not_offered")]
        return written if written and not under_way else None

    for action in wait_for("what is written to the shop", stands, every=POLITE):
        why = f" ({action['why']})" if action["why"] else ""
        story.fact(f"written to the shop: {action['kind']}, {action['status']}{why}")
    if not scene.offered("restocks"):
        story.fact(f"its shelf is left to the shop: {scene.offers['restocks']}")
        return
    stock = {variant: scene.seller.fake.stock(variant) for variant in shelf}
    told = " and ".join(f"{shelf[variant]} {name}" for variant, name in
                        ((TEE, "tees"), (CAP, "caps")))  # fmt: skip
    story.prove(stock == shelf, f"the shop's shelf holds {told}")


def _no_more(scene: "Scene", ret: Json, amount: str, claim: str) -> None:
    body = {"reference": "more", "amount": {"amount": amount, "currency": "EUR"}}
    path = f"/v1/returns/{scene.store.owner.find_return(ret['number'])['id']}/manual-refund"
    try:
        scene.store.owner.desk.post(path, body, key=new_key())
    except Refused as refusal:
        told = refusal.body["code"]
        scene.story.prove(refusal.status == 409, f"{claim} ({told})")
    else:
        scene.story.prove(False, claim)

"""Two returns of one shopper's orders: one paid by bank transfer, one as store credit."""

from pathlib import Path

from scripts.demo.client import Host, Json, Refused, new_key
from scripts.demo.merchant import Staff
from scripts.demo.shop import tell_order
from scripts.demo.shopper import Shopper
from scripts.demo.telling import Storyteller, money, wait_for

FOLDER = Path(".demo")


def order_comes_in(story: Storyteller, api: Host, number: str, store: str) -> Json:
    story.step("The shop tells an order over the public API")
    order = tell_order(api, number, store)
    story.fact(f"order {order['number']}, {money(order['total'])}, {order['result']}")
    for line in order["lines"]:
        story.fact(f"  {line['quantity']} x {line['title']}: {money(line['paid'])} paid")
    again = tell_order(api, number, store)
    story.prove(again["id"] == order["id"], "an order told twice is one order")
    return order


def shopper_enters(story: Storyteller, store: str, order: Json) -> Shopper:
    story.step("Marta opens the portal: order number and e-mail find the order, a code proves her")
    shopper = Shopper(store, order["number"], order["email"])
    token = shopper.look_up()["token"]
    seen = shopper.order()["customer"]["email"]
    story.fact(f"before the proof she sees {seen}")
    story.prove(order["email"] != seen, "without proof no personal data is shown")
    code = shopper.prove(token)
    story.fact(
        f"the mail brought the code {code}; now she sees {shopper.order()['customer']['email']}"
    )
    return shopper


def shopper_returns(
    story: Storyteller, shopper: Shopper, units: list[Json], way: str, refund_method: str
) -> Json:
    story.step(f"She picks units and sees to the cent what comes back, as {refund_method}")
    quote = shopper.quote(units, way)
    option = next(each for each in quote["options"] if each["method"] == refund_method)
    story.fact(option["summary"])
    story.tree(option["words"])
    key = new_key()
    ret = shopper.open_return(quote["id"], refund_method, key)
    again = shopper.open_return(quote["id"], refund_method, key)
    story.fact(f"return {ret['number']} is {ret['status']}")
    story.prove(again["number"] == ret["number"], "the same key twice opens one return")
    _too_many(story, shopper, units, way)
    return ret


def _too_many(story: Storyteller, shopper: Shopper, units: list[Json], way: str) -> None:
    try:
        shopper.quote([{**unit, "quantity": 99} for unit in units], way)
    except Refused as refusal:
        code = refusal.body["code"]
        story.prove(refusal.status == 409, f"99 units are refused with a code ({code})")
    else:
        story.prove(False, "99 units are refused")


def parcel_travels(story: Storyteller, shopper: Shopper, ret: Json) -> None:
    story.step("The label is there; the parcel travels")
    number = ret["number"]
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"label-{number}.pdf"
    path.write_bytes(shopper.label(number))
    story.prove(path.read_bytes().startswith(b"%PDF"), "the label is a PDF")
    story.fact(f"label: {path}")
    shopper.track(number, "PQ4R7X0410012340148009X")
    story.fact(f"she enters the tracking number; the return is {shopper.ret(number)['status']}")


def merchant_decides(story: Storyteller, staff: Staff, ret: Json, outcomes: list[Json]) -> Json:
    story.step("The parcel arrives; the merchant decides unit by unit")
    file = staff.find_return(ret["number"])
    file = staff.receive(file)
    story.fact(f"received: the return is {file['status']}")
    units = []
    for line, outcome in zip(file["lines"], outcomes, strict=True):
        units += [{"line": line["id"], **each} for each in outcome]
    key = new_key()
    decided = staff.decide(file, units, key)
    for unit in units:
        reason = f" ({unit['reason']})" if "reason" in unit else ""
        story.fact(f"{unit['quantity']} unit(s) {unit['outcome']}{reason}")
    story.fact(f"the return is {decided['status']}")
    try:
        staff.decide(file, units, new_key())
    except Refused as refusal:
        told = refusal.body["code"]
        story.prove(refusal.status == 409, f"a second decision is refused ({told})")
    return decided


def refund_shows(story: Storyteller, shopper: Shopper, ret: Json, status: str) -> Json:
    """The portal's page of the return once its money has the status."""

    def ask() -> Json | None:
        page = shopper.ret(ret["number"])
        return page if page["refund"]["status"] == status else None

    page: Json = wait_for(f"the refund to be {status}", ask)
    story.fact(f"the portal says: {page['refund']['text']} {money(page['refund']['amount'])}")
    return page


def timeline(story: Storyteller, page: Json) -> None:
    story.fact("timeline:")
    for event in page["timeline"]:
        story.fact(f"  {event['at'][11:19]}  {event['text']}")

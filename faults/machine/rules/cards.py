"""What the card processor does: answers or none, late ends, and webhooks in any order."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from faults.machine.play import HOW, NUMBER, How, Play, pick
from faults.machine.psp import ANSWERS

HEARD = st.sampled_from(["now", "twice", "late", "never"])


class CardRules(Play):
    @rule(
        plans=st.lists(st.sampled_from(ANSWERS), min_size=1, max_size=3),
        asks_lost=st.sampled_from([0, 0, 1, 3]),
    )
    def processor_will(self, plans: list[str], asks_lost: int) -> None:
        """The next refunds that arrive end like this, and so many questions are not answered."""
        self.psp.plans = list(plans)
        self.psp.asks_lost = asks_lost

    @rule(number=NUMBER, good=st.booleans(), heard=HEARD, how=HOW)
    @precondition(lambda self: self.psp.by_status("pending"))
    def processor_ends(self, number: int, good: bool, heard: str, how: How) -> None:
        made = pick(self.psp.by_status("pending"), number)
        self.psp.end(made, "succeeded" if good else "failed")
        self._webhook(made.now.id, heard, how)

    @rule(number=NUMBER, heard=HEARD, how=HOW)
    @precondition(lambda self: self.psp.by_status("succeeded"))
    def processor_takes_back(self, number: int, heard: str, how: How) -> None:
        """The shopper's bank refused it days later."""
        made = pick(self.psp.by_status("succeeded"), number)
        self.psp.end(made, "failed")
        self._webhook(made.now.id, heard, how)

    @rule(number=NUMBER, twice=st.booleans(), how=HOW)
    @precondition(lambda self: self.psp.mail)
    def webhook_arrives(self, number: int, twice: bool, how: How) -> None:
        """In any order, whatever has become of the refund since."""
        refund = self.psp.mail.pop(number % len(self.psp.mail))
        self._webhook(refund, "twice" if twice else "now", how)

    def _webhook(self, refund: str, heard: str, how: How) -> None:
        if heard == "late":
            self.psp.mail.append(refund)
        if heard in ("late", "never"):
            return
        self.happen(lambda: self.hear_of(refund), how)
        if heard == "twice":
            self.happen(lambda: self.hear_of(refund), How())

"""The part of Adyen that gives payments back: it only ever says `received`."""

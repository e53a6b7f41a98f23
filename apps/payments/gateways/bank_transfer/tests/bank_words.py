"""Files as banks write them, for tests."""

PAIN = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"
CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"


def pain002(*parts: str, message: str = "BANK-1") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{PAIN}"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>{message}</MsgId></GrpHdr>{''.join(parts)}</CstmrPmtStsRpt></Document>"
    ).encode()


def group(message: str, status: str, code: str = "") -> str:
    return (
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{message}</OrgnlMsgId><GrpSts>{status}</GrpSts>"
        f"{_reason(code)}</OrgnlGrpInfAndSts>"
    )


def block(batch: str, *transfers: str, status: str = "") -> str:
    whole = f"<PmtInfSts>{status}</PmtInfSts>" if status else ""
    return (
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{batch}</OrgnlPmtInfId>{whole}"
        f"{''.join(transfers)}</OrgnlPmtInfAndSts>"
    )


def transfer(end_to_end: str, status: str, code: str = "", amount: str = "") -> str:
    told = f'<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">{amount}</InstdAmt></Amt></OrgnlTxRef>'
    return (
        f"<TxInfAndSts><OrgnlEndToEndId>{end_to_end}</OrgnlEndToEndId><TxSts>{status}</TxSts>"
        f"{_reason(code)}{told if amount else ''}</TxInfAndSts>"
    )


def camt054(*entries: str, message: str = "BANK-2") -> bytes:
    return (
        f'<Document xmlns="{CAMT}"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>{message}</MsgId></GrpHdr>'
        f"<Ntfctn>{''.join(entries)}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
    ).encode()


def entry(amount: str, *rows: str, credit: bool = False, batch: str = "", sts: str = "BOOK") -> str:
    way = "CRDT" if credit else "DBIT"
    whole = f"<Btch><PmtInfId>{batch}</PmtInfId></Btch>" if batch else ""
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd>'
        f"<Sts><Cd>{sts}</Cd></Sts><NtryDtls>{whole}{''.join(rows)}</NtryDtls></Ntry>"
    )


def row(end_to_end: str, returned: str = "", amount: str = "") -> str:
    back = f"<RtrInf><Rsn><Cd>{returned}</Cd></Rsn></RtrInf>" if returned else ""
    told = f'<AmtDtls><TxAmt><Amt Ccy="EUR">{amount}</Amt></TxAmt></AmtDtls>' if amount else ""
    refs = f"<Refs><EndToEndId>{end_to_end}</EndToEndId></Refs>"
    return f"<TxDtls>{refs}{told}{back}</TxDtls>"


def _reason(code: str) -> str:
    return f"<StsRsnInf><Rsn><Cd>{code}</Cd></Rsn></StsRsnInf>" if code else ""

"""What the demo's strategies say: seven topics, budget and planning, and the papers that go with them."""

from __future__ import annotations

TOPICS = {
    "target_group": (
        "{name} richt zich op werkzoekenden, ouderen en anderstaligen die thuis geen toestel hebben of er niet mee overweg "
        "kunnen. Uit de gesprekken met {count} partners blijkt dat de helft van hen pas hulp vraagt als een dienst sluit."
    ),
    "outreach": (
        "We gaan naar de mensen toe: spreekuren in de bibliotheek, huisbezoeken samen met het sociaal huis, en digihelpers "
        "op de wekelijkse markt. Elke partner verwijst door met één kaartje waarop het dichtstbijzijnde knooppunt staat."
    ),
    "social_economy": (
        "Het herstellen en wissen van toestellen gebeurt door een maatwerkbedrijf uit de streek. Per jaar krijgen vier "
        "mensen er een opleiding tot hersteller, met uitzicht op een vaste plaats."
    ),
    "circularity": (
        "We lenen uit wat we al hebben: toestellen van besturen en bedrijven krijgen een tweede leven. Wat niet meer te "
        "herstellen is, gaat naar een erkende verwerker; we houden per toestel bij waar het vandaan komt."
    ),
    "sustainability": (
        "De besturen nemen de knooppunten vanaf het derde jaar op in hun meerjarenplan. De uitleendienst leent uit tegen "
        "een kleine bijdrage, met een sociaal tarief, en breidt uit naar de buurgemeenten die daar om vragen."
    ),
    "connectivity": (
        "Elk knooppunt biedt gratis wifi. Voor gezinnen zonder aansluiting bemiddelen we naar het sociaal tarief en lenen "
        "we in afwachting een router met een databundel uit."
    ),
    "impact_measurement": (
        "We meten hoeveel mensen we bereiken, wat ze na drie maanden zelfstandig kunnen en of ze een dienst online gebruiken. "
        "De nulmeting gebeurt in de eerste zes weken; twee keer per jaar bespreken de partners de cijfers."
    ),
}
BUDGET_AND_PLANNING = (
    "Personeel: 62 procent van de kosten, verdeeld over de kernpartners. Uitleenmateriaal: 18 procent. Inrichting van de "
    "knooppunten: 9 procent. Vorming en communicatie: 11 procent.\n\nKwartaal 1: nulmeting, opleiding van de digihelpers. "
    "Kwartaal 2: eerste knooppunten open, uitleendienst van start. Vanaf kwartaal 3: alle knooppunten open, vorming op "
    "vaste dagen. Het laatste halfjaar dient voor verankering bij de besturen."
)


def pdf(title: str) -> bytes:
    """Return a PDF of one page that says ``title``: a paper of the demo, in letters that Latin-1 holds."""
    shown = title.encode("latin-1", "replace").replace(b"\\", b"").replace(b"(", b"").replace(b")", b"")
    stream = b"BT /F1 16 Tf 60 760 Td (" + shown + b") Tj ET"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 6\n0000000000 65535 f \n" + table + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return out + end % len(out)

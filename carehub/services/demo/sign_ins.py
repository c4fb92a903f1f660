"""Who a visitor of the demo may sign in as. One password for all: it is printed on the start screen."""

PASSWORD = "carehub-demo-2026"  # noqa: S105 -- demo accounts only, never made outside a demo

SIGN_INS: tuple[tuple[str, str, str], ...] = tuple(
    (label, f"{name}@example.com", PASSWORD)
    for label, name in (
        ("Super-admin of the platform", "nour.elkadi"),
        ("Client, Paris and Lyon", "karim.benali"),
        ("Client, Casablanca (Arabic)", "yasmina.alami"),
        ("Practitioner, Paris", "ines.belkacem"),
        ("Practitioner on request, Paris", "thomas.marchand"),
        ("Receptionist, Paris", "sandrine.moulin"),
        ("Secretary of two practitioners, Paris", "odile.vasseur"),
        ("Owner, Paris mental-health practice", "helene.rivoire"),
        ("Owner, Casablanca clinic", "amine.bensouda"),
        ("Practitioner, Casablanca", "salma.bennani"),
        ("Owner, Tunis expert house", "leila.benyoussef"),
        ("Expert, Tunis", "amel.trabelsi"),
        ("Owner, Lyon coaching firm", "alexandre.ponsard"),
        ("Coach, Lyon", "camille.brossard"),
        ("Assistant, Lyon", "inaya.cherif"),
        ("Owner, Montréal experience partner", "genevieve.lapointe"),
        ("Partner, Montréal", "olivier.caron"),
    )
)

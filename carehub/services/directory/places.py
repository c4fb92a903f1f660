"""Names that a city also has, for the search box. What a page shows is in the catalogue `places`, under the city's own name."""

OTHER_NAMES: dict[str, dict[str, str]] = {
    "Paris": {"ar": "باريس"},
    "Lyon": {"ar": "ليون"},
    "Marseille": {"ar": "مرسيليا"},
    "Casablanca": {"ar": "الدار البيضاء"},
    "Rabat": {"ar": "الرباط"},
    "Marrakech": {"ar": "مراكش", "en": "Marrakesh"},
    "Fès": {"ar": "فاس", "en": "Fez"},
    "Tanger": {"ar": "طنجة", "en": "Tangier"},
    "Agadir": {"ar": "أكادير"},
    "Tunis": {"ar": "تونس"},
    "La Marsa": {"ar": "المرسى"},
    "Sfax": {"ar": "صفاقس"},
    "Sousse": {"ar": "سوسة"},
    "Alger": {"ar": "الجزائر", "en": "Algiers"},
    "Montréal": {"ar": "مونتريال", "en": "Montreal"},
    "Bruxelles": {"ar": "بروكسل", "en": "Brussels"},
    "Genève": {"ar": "جنيف", "en": "Geneva"},
}


def other_names(city: str) -> dict[str, str]:
    """Locale -> the city's name there, where it is not `city` itself."""
    return OTHER_NAMES.get(city, {})


def search_words(city: str) -> str:
    return " ".join(other_names(city).values())

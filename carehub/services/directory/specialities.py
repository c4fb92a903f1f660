"""The catalogue of specialities: stable codes, the kind each belongs to, and the words that people type for it.

Labels are msgids. Synonyms are search words only (never shown as someone's title): colloquial names, spellings, needs.
"""

import enum
from dataclasses import dataclass

from carehub.core.i18n import LOCALES, N_, translate


class Kind(enum.StrEnum):
    MENTAL_HEALTH = "mental_health"
    MEDICINE = "medicine"
    COACHING = "coaching"
    ADVICE = "advice"
    EXPERIENCE = "experience"


KIND_LABELS = {
    Kind.MENTAL_HEALTH: "Mental health",
    Kind.MEDICINE: "Medicine",
    Kind.COACHING: "Coaching",
    Kind.ADVICE: "Advice",
    Kind.EXPERIENCE: "Experiences",
}


@dataclass(frozen=True)
class Speciality:
    """`schema_type` is the schema.org type of someone who practises it."""

    code: str
    kind: Kind
    label: str
    words: dict[str, tuple[str, ...]]

    @property
    def schema_type(self) -> str:
        return "Physician" if self.kind == Kind.MEDICINE or self.code == "psychiatrist" else "ProfessionalService"


def _one(code: str, kind: Kind, label: str, fr: str = "", ar: str = "", en: str = "") -> Speciality:
    words = {"fr": fr, "ar": ar, "en": en}
    split = {locale: tuple(w.strip() for w in text.split(",") if w.strip()) for locale, text in words.items()}
    return Speciality(code, kind, label, {locale: found for locale, found in split.items() if found})


_M, _D, _C, _A, _E = Kind.MENTAL_HEALTH, Kind.MEDICINE, Kind.COACHING, Kind.ADVICE, Kind.EXPERIENCE

_ALL = (
    _one("psychologist", _M, N_("Psychologist"), "psy, psychologie", "نفساني, طبيب نفساني, علم النفس", "psychology"),
    _one("psychiatrist", _M, N_("Psychiatrist"), "psy, psychiatrie", "طب نفسي, أمراض عقلية", "psychiatry"),
    _one(
        "psychotherapist",
        _M,
        N_("Psychotherapist"),
        "psy, psychothérapie, thérapeute",
        "علاج نفسي",
        "therapist, therapy",
    ),
    _one(
        "child_psychologist",
        _M,
        N_("Child psychologist"),
        "psy enfant, pédopsychologue",
        "نفساني الأطفال",
        "child therapy",
    ),
    _one("child_psychiatrist", _M, N_("Child psychiatrist"), "pédopsychiatre", "طب نفسي للأطفال"),
    _one(
        "couple_therapist",
        _M,
        N_("Couple and family therapist"),
        "thérapie de couple, conseil conjugal",
        "علاج الأزواج",
        "marriage counselling",
    ),
    _one(
        "neuropsychologist",
        _M,
        N_("Neuropsychologist"),
        "bilan neuropsychologique, TDAH",
        "علم النفس العصبي",
        "ADHD assessment",
    ),
    _one(
        "addiction_specialist",
        _M,
        N_("Addiction specialist"),
        "addictologue, addictologie, tabac",
        "علاج الإدمان",
        "addiction, smoking",
    ),
    _one("sexologist", _M, N_("Sexologist"), "sexologie, sexothérapeute", "علم الجنس", "sex therapy"),
    _one("hypnotherapist", _M, N_("Hypnotherapist"), "hypnose, hypnothérapie", "تنويم", "hypnosis"),
    _one("sophrologist", _M, N_("Sophrologist"), "sophrologie, relaxation", "استرخاء", "relaxation"),
    _one(
        "general_practitioner",
        _D,
        N_("General practitioner"),
        "généraliste, médecin, docteur",
        "طبيب, دكتور, طب عام",
        "GP, doctor, physician",
    ),
    _one("dermatologist", _D, N_("Dermatologist"), "dermato, peau", "جلد, طبيب الجلد", "skin"),
    _one(
        "gynaecologist",
        _D,
        N_("Gynaecologist"),
        "gynéco, gynécologie",
        "طبيب النساء, توليد",
        "gynecologist, women's health",
    ),
    _one("midwife", _D, N_("Midwife"), "sage femme, grossesse", "قابلة, حمل", "pregnancy"),
    _one("paediatrician", _D, N_("Paediatrician"), "pédiatrie, enfant, bébé", "طبيب الأطفال", "pediatrician, children"),
    _one("cardiologist", _D, N_("Cardiologist"), "cardio, cœur", "قلب, طبيب القلب", "heart"),
    _one("ophthalmologist", _D, N_("Ophthalmologist"), "ophtalmo, yeux, oculiste", "عيون, طبيب العيون", "eye doctor"),
    _one("ent_specialist", _D, N_("ENT specialist"), "ORL, oreille, gorge", "أذن أنف حنجرة", "ear nose throat"),
    _one("dentist", _D, N_("Dentist"), "dentaire, chirurgien-dentiste", "أسنان", "dental"),
    _one("endocrinologist", _D, N_("Endocrinologist"), "diabète, thyroïde", "غدد, سكري", "diabetes"),
    _one("rheumatologist", _D, N_("Rheumatologist"), "rhumato, articulations", "روماتيزم", "joints"),
    _one("gastroenterologist", _D, N_("Gastroenterologist"), "gastro, estomac", "جهاز هضمي, معدة", "stomach"),
    _one("neurologist", _D, N_("Neurologist"), "neuro, migraine", "أعصاب, طبيب الأعصاب", "migraine"),
    _one(
        "orthopaedist",
        _D,
        N_("Orthopaedic surgeon"),
        "orthopédie, orthopédiste",
        "عظام, جراحة العظام",
        "orthopedic, bones",
    ),
    _one(
        "physiotherapist",
        _D,
        N_("Physiotherapist"),
        "kiné, kinésithérapie, rééducation",
        "ترويض, علاج طبيعي",
        "physio, physical therapy",
    ),
    _one("osteopath", _D, N_("Osteopath"), "ostéo, ostéopathie, dos", "تقويم العظام", "osteopathy, back pain"),
    _one("speech_therapist", _D, N_("Speech therapist"), "orthophonie, langage", "نطق, تقويم النطق", "speech therapy"),
    _one("dietitian", _D, N_("Dietitian"), "nutrition, nutritionniste, régime", "تغذية, حمية", "nutritionist"),
    _one("nurse", _D, N_("Nurse"), "infirmier, soins", "تمريض", "nursing"),
    _one("podiatrist", _D, N_("Podiatrist"), "podologue, pieds", "أقدام", "feet"),
    _one(
        "executive_coach",
        _C,
        N_("Executive coach"),
        "coach dirigeant, leadership",
        "قيادة, مدرب قيادي",
        "leadership, CEO",
    ),
    _one(
        "career_coach",
        _C,
        N_("Career coach"),
        "bilan de compétences, reconversion, carrière",
        "مسار مهني",
        "career change",
    ),
    _one("team_coach", _C, N_("Team coach"), "équipe, cohésion, management", "فرق العمل", "team building, management"),
    _one(
        "life_coach", _C, N_("Life coach"), "développement personnel, confiance", "تطوير الذات", "personal development"
    ),
    _one("sales_coach", _C, N_("Sales coach"), "vente, négociation", "مبيعات", "selling, negotiation"),
    _one(
        "sports_coach",
        _C,
        N_("Sports coach"),
        "fitness, préparation physique",
        "رياضة, لياقة",
        "fitness, personal trainer",
    ),
    _one(
        "public_speaking_coach",
        _C,
        N_("Public speaking coach"),
        "prise de parole, orateur",
        "خطابة, إلقاء",
        "speech, pitch",
    ),
    _one("lawyer", _A, N_("Lawyer"), "avocat, droit, juriste", "محام, قانون", "legal, attorney"),
    _one(
        "accountant", _A, N_("Accountant"), "expert-comptable, comptabilité, impôts", "محاسبة, ضرائب", "accounting, tax"
    ),
    _one("notary", _A, N_("Notary"), "notaire, succession", "موثق, إرث", "inheritance"),
    _one(
        "financial_adviser",
        _A,
        N_("Financial adviser"),
        "patrimoine, finance, placement",
        "مالية, استثمار",
        "finance, investment",
    ),
    _one(
        "business_adviser",
        _A,
        N_("Business adviser"),
        "création d'entreprise, stratégie",
        "أعمال, استراتيجية",
        "startup, strategy",
    ),
    _one(
        "marketing_expert",
        _A,
        N_("Marketing expert"),
        "marketing, communication, réseaux sociaux",
        "تسويق",
        "social media, growth",
    ),
    _one(
        "technology_expert",
        _A,
        N_("Technology expert"),
        "informatique, numérique, développeur",
        "تكنولوجيا, معلوميات",
        "IT, software, data",
    ),
    _one("architect", _A, N_("Architect"), "architecte, travaux", "هندسة معمارية", "renovation"),
    _one("interior_designer", _A, N_("Interior designer"), "décoration, décorateur", "تصميم داخلي", "decoration"),
    _one("immigration_adviser", _A, N_("Immigration adviser"), "visa, expatriation", "هجرة, تأشيرة", "visa"),
    _one(
        "education_adviser",
        _A,
        N_("Education adviser"),
        "orientation, études, scolaire",
        "توجيه, دراسة",
        "school, studies",
    ),
    _one("spa", _E, N_("Spa and massage"), "massage, hammam, bien-être", "تدليك, حمام", "massage, wellness"),
    _one("yoga", _E, N_("Yoga and meditation"), "yoga, méditation, pleine conscience", "يوغا, تأمل", "mindfulness"),
    _one("cooking_class", _E, N_("Cooking class"), "atelier cuisine, cours de cuisine", "طبخ", "cookery"),
    _one("wine_tasting", _E, N_("Tasting"), "dégustation, œnologie", "تذوق", "wine, tasting"),
    _one("pottery", _E, N_("Pottery workshop"), "poterie, céramique, atelier", "خزف, فخار", "ceramics"),
    _one("outdoor_activity", _E, N_("Outdoor activity"), "randonnée, kayak, nature", "رحلات, طبيعة", "hiking, kayak"),
    _one("guided_tour", _E, N_("Guided tour"), "visite guidée, guide", "جولة سياحية", "sightseeing, guide"),
    _one("photo_session", _E, N_("Photo session"), "photographe, portrait", "تصوير", "photographer"),
    _one("music_lesson", _E, N_("Music lesson"), "cours de musique, piano, guitare", "موسيقى", "piano, guitar"),
    _one("art_workshop", _E, N_("Art workshop"), "peinture, dessin, atelier d'art", "رسم, فن", "painting, drawing"),
)

SPECIALITIES: dict[str, Speciality] = {one.code: one for one in _ALL}


def label(code: str, locale: str) -> str:
    """The speciality's name in `locale`; the code itself for one that has left the catalogue."""
    known = SPECIALITIES.get(code)
    return translate(known.label, locale) if known else code


def msgid(code: str) -> str:
    known = SPECIALITIES.get(code)
    return known.label if known else code


def search_words(codes: list[str]) -> str:
    """Every language's labels and synonyms of `codes`: what the search matches besides the name."""
    found: list[str] = []
    for known in (SPECIALITIES[code] for code in codes if code in SPECIALITIES):
        found += [translate(known.label, locale) for locale in LOCALES]
        found += [word for words in known.words.values() for word in words]
    return " ".join(dict.fromkeys(found))

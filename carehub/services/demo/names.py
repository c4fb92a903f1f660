"""Names of the place for patients without an account, and the letters that make an address or a slug of a name."""

import random
import unicodedata

from carehub.services.demo.data import DOMAIN

_FRENCH = (
    "Alice Antoine Arthur Aurélie Bastien Béatrice Brigitte Bruno Caroline Cédric Céline Chantal Charlotte Christophe Claude "
    "Clément Corinne Damien Delphine Denis Didier Élise Emma Éric Estelle Fabien Fanny Florian Gaëlle Gilles Grégory Guillaume "
    "Hélène Isabelle Jeanne Jérôme Joël Julie Justine Laure Léa Lionel Loïc Louise Lucas Lucie Manon Martin Mathilde Maxime "
    "Mélanie Michel Morgane Nathan Océane Olivier Pascal Patricia Quentin Rémi Sabrina Sébastien Simon Solène Théo Valérie Zoé",
    "Adam André Aubert Barbier Baron Benoit Bertin Blanchard Bonnet Bouvier Boyer Brunet Carlier Charpentier Chevalier Colin "
    "Cordier Cousin Delaunay Descamps Deschamps Dubreuil Dufour Dumont Étienne Faure Ferrand Fleury Fournier Gautier Gillet "
    "Guérin Guichard Hamon Hubert Jacquet Joubert Lacroix Lambert Langlois Laurent Lebrun Leroux Lefort Maillard Marchal Masson "
    "Mercier Meunier Millet Moreau Noël Pages Paris Pelletier Petit Poirier Prévost Renaud Rey Robin Roche Sauvage Tessier",
)
_MOROCCAN = (
    "Abdelilah Adam Ahmed Amal Amina Asmaa Ayoub Aziz Badr Bouchra Brahim Dounia Driss Fadwa Farid Fatima Ghizlane Hafsa Hajar "
    "Hassan Houda Ibrahim Ihsane Ikram Ilyas Ismail Jalila Jamal Kamal Kaoutar Latifa Layla Maha Malika Maryam Mounir Mustapha "
    "Naïma Najat Noureddine Rajae Rim Saad Said Sanae Sara Siham Soufiane Soukaina Taha Tarik Wafae Widad Yahya Yassine Zakaria",
    "Abbadi Achour Aït-Ali Akhdar Azzouzi Bakkali Belkadi Benchekroun Benkirane Benmoussa Bouazza Bouhaddou Boutaleb Chakir "
    "Cherkaoui Daoudi El-Amrani El-Guerrouj El-Hachimi El-Khattabi Ennaji Essaidi Fahmi Ghazali Guessous Hachimi Hafidi Hajji "
    "Hamdaoui Hassani Jaouhari Kabbaj Khalil Laâroussi Lahrichi Lakhdar Lazrak Maaroufi Mansouri Meziane Naciri Ouahbi Raji "
    "Rahmouni Sabri Sefrioui Semlali Slaoui Tahiri Touzani Yacoubi Zerouali Zniber",
)
_TUNISIAN = (
    "Abir Ahmed Ameni Amine Arij Aziz Bassem Bechir Chiraz Dhia Donia Emna Eya Faouzi Ghada Habib Haifa Hela Hichem Houssem "
    "Imed Iyed Kais Khaoula Lamia Lotfi Maher Malek Mariem Moez Mouna Nabil Nadia Nizar Oumaima Ramzi Raja Ridha Rim Safa Salma "
    "Sabrine Seif Selim Skander Slim Syrine Tarek Wafa Wael Wissem Yosra Zied",
    "Abdelkefi Abidi Ayadi Baccouche Belhadj Ben-Ali Ben-Hassine Ben-Mansour Ben-Romdhane Boujelben Bouraoui Bouzidi Brahmi "
    "Chebbi Cherni Daoud Ellouze Ferjani Frikha Gasmi Gharsalli Haddad Hajri Hamdi Jebali Jendoubi Kallel Kammoun Khemiri "
    "Ksouri Laabidi Lahmar Makni Marzouki Mhiri Mnif Mzoughi Nasri Neffati Oueslati Rekik Riahi Sahli Sassi Sellami Slimani "
    "Tlili Toumi Turki Zaghdoudi Zarrouk",
)
_CANADIAN = (
    "Abigail Alexis Amélie Andrew Ariane Benjamin Camille Catherine Charles Christopher Coralie Dominique Élodie Emily Evan "
    "Félix Florence Gabriel Grace Hannah Isaac Jacob Jasmine Jérémie Karine Laurie Léonie Logan Marianne Mathis Megan Nathalie "
    "Noah Owen Rachel Rosalie Ryan Samuel Sarah Simon Stéphanie Thomas Valérie Vincent William Xavier Zachary",
    "Archambault Beaulieu Bélanger Bernier Boucher Campbell Chen Cloutier Côté Deschênes Dubé Edwards Fortin Fraser Gauthier "
    "Girard Graham Hébert Khan Lachance Lavoie Leblanc Lefebvre Lévesque MacDonald Martel Michaud Mitchell Morency Murphy "
    "Nguyen Ouellet Paquette Patel Pelletier Poulin Reid Richard Santos Savard Scott Simard Singh St-Pierre Taylor Therrien "
    "Turcotte Vachon Walker Wong",
)
_LISTS = {"french": _FRENCH, "moroccan": _MOROCCAN, "tunisian": _TUNISIAN, "canadian": _CANADIAN}


def draw_names(rng: random.Random, culture: str, count: int) -> list[tuple[str, str]]:
    """`count` different (given, family) pairs. In France one in six comes from the Maghreb."""
    wanted: dict[tuple[str, str], None] = {}
    while len(wanted) < count:
        source = "moroccan" if culture == "french" and rng.random() < 1 / 6 else culture
        given, family = _LISTS[source]
        pair = (
            rng.choice(given.split()),
            rng.choice(family.split()).replace("-", " " if source != "canadian" else "-"),
        )
        wanted[pair] = None
    return list(wanted)


def slug_of(*parts: str) -> str:
    """Lower-case ASCII words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", " ".join(parts)).encode("ascii", "ignore").decode().lower()
    return "-".join("".join(c if c.isalnum() else " " for c in plain).split())


def address_of(given: str, family: str) -> str:
    """given.family@example.com"""
    return f"{slug_of(given).replace('-', '')}.{slug_of(family).replace('-', '')}@{DOMAIN}"


def french_names() -> tuple[list[str], list[str]]:
    """Given and family names, for data made in bulk."""
    given, family = _FRENCH
    return given.split(), family.split()

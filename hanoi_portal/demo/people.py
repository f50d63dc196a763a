"""Invented people of Hà Nội. Nobody here exists; the same generator state gives the same person."""

import random
from dataclasses import dataclass

from hanoi_portal.demo.places import Place

FAMILY_NAMES = {
    "Nguyễn": 380, "Trần": 110, "Lê": 92, "Phạm": 71, "Hoàng": 45, "Vũ": 42, "Đỗ": 36,
    "Bùi": 30, "Đặng": 28, "Ngô": 24, "Dương": 20, "Đào": 17, "Đinh": 15, "Trịnh": 14,
    "Lưu": 12, "Phan": 12, "Hà": 10, "Cao": 9, "Tạ": 9, "Chu": 9, "Phùng": 9, "Kiều": 7,
    "Khuất": 6, "Lý": 6, "Mai": 6, "Nghiêm": 5, "Vương": 5, "Đoàn": 5, "Quách": 4, "Cấn": 4,
    "Doãn": 3, "Đàm": 3, "Nhữ": 2, "Bạch": 2, "Thạch": 1,
}  # fmt: skip
MIDDLE_MALE = (
    "Văn", "Văn", "Văn", "Đức", "Hữu", "Quang", "Minh", "Xuân", "Đình", "Công", "Mạnh",
    "Ngọc", "Tiến", "Trọng", "Duy", "Anh", "Bá", "Viết", "Khắc", "Quốc", "Thế", "Thành",
)  # fmt: skip
MIDDLE_FEMALE = (
    "Thị", "Thị", "Thị", "Thị", "Thị Thu", "Thị Minh", "Thị Ngọc", "Thị Kim", "Thị Thanh",
    "Thu", "Ngọc", "Minh", "Thanh", "Thị Hồng", "Thị Bích", "Kim", "Phương", "Thùy",
)  # fmt: skip
GIVEN_MALE = (
    "Hùng", "Dũng", "Tuấn", "Sơn", "Hải", "Long", "Thắng", "Cường", "Minh", "Hòa", "Nam",
    "Khánh", "Quân", "Toàn", "Vinh", "Trung", "Kiên", "Hiếu", "Tùng", "Phúc", "Lâm", "Bình",
    "Chiến", "Đạt", "Quyết", "Lợi", "Thịnh", "Hưng", "Tiến", "Nghĩa", "Khoa", "Thuận", "Sỹ",
    "Đông", "Hậu", "Luyện", "Tạo", "Bảy", "Chính", "Điệp", "Thân", "Ước",
)  # fmt: skip
GIVEN_FEMALE = (
    "Hương", "Hoa", "Lan", "Nga", "Thủy", "Hà", "Hằng", "Liên", "Mai", "Phượng", "Nhung",
    "Oanh", "Yến", "Thảo", "Trang", "Ngân", "Hiền", "Loan", "Dung", "Tuyết", "Vân", "Hạnh",
    "Quỳnh", "Anh", "Chi", "Bích", "Nguyệt", "Thơm", "Tâm", "Huệ", "Xuyến", "Gái", "Mùi",
    "Nhàn", "Thoa", "Tươi", "Lý", "Sen", "Duyên", "Hòa", "Lựu", "Miền",
)  # fmt: skip
# Only domains that RFC 2606 sets aside, so that no letter ever reaches a stranger.
MAIL_DOMAINS = ("example.com", "example.net", "example.org")
MALE_SHARE = 0.54
HAS_MAIL_SHARE = 0.58
# The fourth to sixth digits hold century, sex and year; the last six are never given in life:
# serial numbers here start with 99.
IDENTITY_PREFIX = "001"
INVENTED_SERIAL = "99"

ACCENTS = str.maketrans(
    "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ",
    "aaaaaaaaaaaaaaaaaeeeeeeeeeeeiiiiiooooooooooooooooouuuuuuuuuuuyyyyyd",
)


@dataclass(frozen=True)
class Person:
    """An invented citizen; ``title`` is ông or bà."""

    full_name: str
    title: str
    born: int
    identity_number: str
    phone: str
    email: str
    address: str
    neighbourhood: str
    ward_name: str


def full_name(rng: random.Random, *, male: bool) -> str:
    """A Vietnamese name: weighted family name, middle name by sex, given name."""
    family = rng.choices(list(FAMILY_NAMES), weights=list(FAMILY_NAMES.values()))[0]
    middle = rng.choice(MIDDLE_MALE if male else MIDDLE_FEMALE)
    choices = [
        name
        for name in (GIVEN_MALE if male else GIVEN_FEMALE)
        if name not in middle and name != family
    ]
    return f"{family} {middle} {rng.choice(choices)}"


def identity_number(rng: random.Random, *, male: bool, born: int) -> str:
    """Twelve digits in the form of an identity card, with a serial that is never issued."""
    century_sex = (0 if male else 1) + (2 if born >= 2000 else 0)
    return (
        f"{IDENTITY_PREFIX}{century_sex}{born % 100:02d}"
        f"{INVENTED_SERIAL}{rng.randrange(10_000):04d}"
    )


def phone_number(rng: random.Random) -> str:
    """Ten digits with a mobile prefix and a run of zeros that no operator hands out."""
    return f"{rng.choice(('091', '098', '090', '086', '097', '036'))}000{rng.randrange(10_000):04d}"


def email_address(rng: random.Random, name: str, born: int) -> str:
    """An address at a reserved domain, or "" for those who have none."""
    if rng.random() > HAS_MAIL_SHARE:
        return ""
    words = name.lower().translate(ACCENTS).split()
    local = words[-1] + "".join(word[0] for word in words[:-1])
    return f"{local}{born % 100:02d}{rng.randrange(100):02d}@{rng.choice(MAIL_DOMAINS)}"


def neighbourhood_name(rng: random.Random, place: Place) -> str:
    """A tổ dân phố of a ward, a thôn of a commune."""
    if place.is_ward:
        return f"tổ dân phố số {rng.randint(1, 38)}"
    return rng.choice(
        (
            f"thôn {rng.choice(('Đông', 'Đoài', 'Trung', 'Thượng', 'Hạ', 'Nội', 'Ngoại'))}",
            f"thôn {rng.randint(1, 14)}",
            f"xóm {rng.choice(('Chùa', 'Đình', 'Bến', 'Giếng', 'Gạo', 'Mới', 'Trại', 'Vòng'))}",
            f"cụm dân cư số {rng.randint(1, 9)}",
        )
    )


def home_address(rng: random.Random, place: Place, neighbourhood: str) -> str:
    """House number, alley and neighbourhood in a unit."""
    number = rng.randint(1, 240)
    if not place.is_ward and rng.random() < 0.6:
        return f"{neighbourhood}, {place.label}, thành phố Hà Nội"
    alley = rng.choice(
        (
            f"số {number}",
            f"số {number}, ngõ {rng.randint(2, 420)}",
            f"số {number}, ngách {rng.randint(2, 60)}/{rng.randint(2, 40)}",
            f"số {number}{rng.choice('ABC')}, ngõ {rng.randint(2, 300)}",
        )
    )
    return f"{alley}, {neighbourhood}, {place.label}, thành phố Hà Nội"


def person(rng: random.Random, place: Place, *, neighbourhood: str = "") -> Person:
    """One invented adult who lives in ``place``, in a given neighbourhood of it or any."""
    male = rng.random() < MALE_SHARE
    born = round(rng.triangular(1941, 2004, 1966))
    name = full_name(rng, male=male)
    neighbourhood = neighbourhood or neighbourhood_name(rng, place)
    return Person(
        full_name=name,
        title="ông" if male else "bà",
        born=born,
        identity_number=identity_number(rng, male=male, born=born),
        phone=phone_number(rng) if rng.random() < 0.93 else "",
        email=email_address(rng, name, born),
        address=home_address(rng, place, neighbourhood),
        neighbourhood=neighbourhood,
        ward_name=place.full_name,
    )


def officer_name(rng: random.Random) -> tuple[str, str]:
    """Full name and title (ông or bà) of an invented official."""
    male = rng.random() < 0.6
    return full_name(rng, male=male), "ông" if male else "bà"

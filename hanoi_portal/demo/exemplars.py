"""Models of "dân vận khéo" of some units, on every step of their way, and targets and unit figures
of the indices. Titles, groups and figures are invented; pictures are drawn."""

import datetime as dt
import io
import random
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from PIL import Image, ImageDraw

from accounts.enums import Role
from attachments.services import attachment_store
from common.time import local_date
from communes.models import Unit
from hanoi_portal.demo.accounts import Cast
from mobilisation.models import Exemplar, IndexYear
from mobilisation.services import (
    Decision,
    IndexFacts,
    Words,
    exemplar_copy,
    exemplar_create,
    exemplar_publish,
    exemplar_recognise,
    exemplar_refuse,
    exemplar_register,
    index_record,
    picture_add,
)

EVERY = 6  # every so many wards and communes keep a model
COPIES = 4
SIZE = (720, 480)
SKIES = ((205, 226, 240), (246, 232, 205), (219, 236, 216))


class Idea(NamedTuple):
    title: str
    field: str
    group: str
    description: str
    results: str
    alt: str


IDEAS = (
    Idea(
        "Tổ dân phố phân loại rác tại nguồn",
        "environment",
        "Chi hội Phụ nữ tổ dân phố số 5",
        "Mỗi hộ có ba thùng rác; tổ tự quản hướng dẫn từng nhà, thu gom rác tái chế vào sáng thứ"
        " bảy, tiền bán rác góp quỹ giúp hộ khó khăn.",
        "Hơn chín phần mười số hộ tham gia sau ba tháng; bớt một chuyến xe rác mỗi tuần.",
        "Ba thùng rác phân loại đặt trước một ngõ nhỏ",
    ),
    Idea(
        "Ngày thứ năm không hẹn",
        "administrative_reform",
        "Bộ phận một cửa và Đoàn Thanh niên",
        "Chiều thứ năm hằng tuần giải quyết ngay các thủ tục đơn giản, đoàn viên hướng dẫn người"
        " cao tuổi nộp hồ sơ trực tuyến.",
        "Trung bình bốn mươi hồ sơ trả ngay trong buổi.",
        "Quầy tiếp nhận hồ sơ với ghế chờ và bảng số thứ tự",
    ),
    Idea(
        "Tổ vận động bàn giao mặt bằng",
        "land_clearance",
        "Tổ dân vận thôn và Ban Công tác Mặt trận",
        "Gặp từng hộ trước khi kiểm đếm, công khai phương án tại nhà văn hóa, ghi lại từng kiến nghị"
        " và trả lời trong mười ngày.",
        "Các hộ bàn giao trước thời hạn, không phải cưỡng chế.",
        "Con đường làng mới mở rộng giữa hai hàng cây",
    ),
    Idea(
        "Ngõ nhỏ bình yên",
        "defence_security",
        "Tổ bảo vệ an ninh trật tự cơ sở",
        "Các hộ cùng góp camera, lập nhóm báo tin, mỗi tối hai người thay nhau đi tuần.",
        "Sáu tháng không xảy ra mất trộm trong ngõ.",
        "Đầu ngõ có đèn chiếu sáng và bảng nội quy",
    ),
    Idea(
        "Lớp học số cho người cao tuổi",
        "digital",
        "Hội Người cao tuổi và Tổ công nghệ số cộng đồng",
        "Mỗi tuần một buổi tại nhà văn hóa: cài đặt định danh điện tử, tra cứu hồ sơ, phòng lừa đảo"
        " trên mạng.",
        "Hơn một trăm người tự dùng được dịch vụ công trực tuyến.",
        "Dãy bàn với máy tính bảng trong nhà văn hóa",
    ),
)
DECIDED = {"unit": "Ban Thường vụ Đảng ủy", "city": "Ban Thường vụ Thành ủy Hà Nội"}
REFUSED = "Kết quả chưa rõ; đề nghị bổ sung số liệu trước và sau khi thực hiện."


def exemplars_make(cast: Cast, *, seed: int, now: dt.datetime) -> int:
    """Make the models, their copies and the indices through the services, once; how many models
    are new. They lead up to ``now`` (UTC moment)."""
    if Exemplar.objects.exists():
        return 0
    rng = random.Random(f"{seed}:exemplars")
    units = [unit for _code, unit in sorted(cast.units.items()) if unit.is_commune_level]
    work = _Work(cast, rng, now)
    with transaction.atomic():
        keepers = units[::EVERY]
        for number, unit in enumerate(keepers):
            work.model(unit, IDEAS[number % len(IDEAS)], number)
        for unit in units[1::EVERY][:COPIES]:
            work.copy(unit)
        work.indices(keepers[:COPIES])
    return Exemplar.objects.count()


class _Work:
    def __init__(self, cast: Cast, rng: random.Random, now: dt.datetime) -> None:
        self.cast, self.rng, self.now = cast, rng, now
        self.city = cast.post(cast.units["BTGDV"].pk, Role.PROPAGANDA).access
        self.public: list[Exemplar] = []

    def model(self, unit: Unit, idea: Idea, number: int) -> None:
        """A model as far on its way as its number says."""
        clerk = self.cast.post(unit.pk, Role.CLERK).access
        at = self.now - dt.timedelta(days=self.rng.randint(60, 200))
        words = Words(
            idea.title,
            idea.field,
            f"{idea.group}, {unit.full_name}",
            local_date(at) - dt.timedelta(days=90),
            idea.description,
            results=idea.results,
        )
        row = exemplar_create(access=clerk, unit=unit.code, words=words, at=at)
        if number % 7 == 6:
            return
        if number % 2 == 0:
            picture = _drawn(self.rng)
            picture_add(
                access=clerk,
                public_id=row.public_id,
                version=row.version,
                attachment=picture,
                alt=idea.alt,
                at=at,
            )
        self._register(row, unit, at + dt.timedelta(days=2), number)

    def _register(self, row: Exemplar, unit: Unit, at: dt.datetime, number: int) -> None:
        clerk = self.cast.post(unit.pk, Role.CLERK).access
        row.refresh_from_db()
        key: dict[str, Any] = {"public_id": row.public_id, "quiet": True}
        row = exemplar_register(access=clerk, version=row.version, at=at, **key)
        if number % 7 == 5:
            return
        secretary, later = self.cast.post(unit.pk, Role.SECRETARY).access, at + dt.timedelta(days=9)
        if number % 7 == 4:
            exemplar_refuse(
                access=secretary,
                version=row.version,
                reason=REFUSED,
                at=later,
                **key,
            )
            return
        level = "city" if number % 7 == 0 else "unit"
        decision = Decision(
            level, f"{10 + number}-QĐ/{'TU' if level == 'city' else 'ĐU'}", local_date(later),
            DECIDED[level],
        )  # fmt: skip
        judge = self.city if level == "city" else secretary
        row = exemplar_recognise(
            access=judge,
            version=row.version,
            decision=decision,
            at=later,
            **key,
        )
        if number % 7 != 3:
            row = exemplar_publish(
                access=clerk,
                public_id=row.public_id,
                version=row.version,
                people_agreed=True,
                at=later + dt.timedelta(days=1),
            )
            self.public.append(row)

    def copy(self, unit: Unit) -> None:
        """One of the first published models, taken over by a unit that has none."""
        source = self.public[self.rng.randrange(min(2, len(self.public)))]
        clerk = self.cast.post(unit.pk, Role.CLERK).access
        at = self.now - dt.timedelta(days=self.rng.randint(10, 30))
        row = exemplar_copy(
            access=clerk,
            public_id=source.public_id,
            unit=unit.code,
            carried_out_by=f"Ban Công tác Mặt trận, {unit.full_name}",
            starts_on=local_date(at),
            at=at,
        )
        exemplar_register(
            access=clerk, public_id=row.public_id, version=row.version, at=at, quiet=True
        )

    def indices(self, units: list[Unit]) -> None:
        """A target of the City for the year that runs, and the figures of some units."""
        year = local_date(self.now).year
        for kind, target in (("par", "93.5"), ("sipas", "88"), ("dti", "0.85")):
            if not IndexYear.objects.filter(kind=kind, year=year, unit__code="CITY").exists():
                self._index(kind, year, "CITY", IndexFacts(target=Decimal(target)))
        for unit in units:
            for past in (year - 2, year - 1):
                value = Decimal(self.rng.randint(780, 930)) / 10
                facts = IndexFacts(
                    value=value, target=Decimal(85), source="Kết quả tự chấm điểm của đơn vị"
                )
                self._index("par", past, unit.code, facts)

    def _index(self, kind: str, year: int, unit: str, facts: IndexFacts) -> None:
        index_record(
            access=self.city, kind=kind, year=year, unit=unit, version=0, facts=facts, at=self.now
        )


def _drawn(rng: random.Random) -> str:
    """A drawn street as an upload: invented pictures show nobody."""
    image = Image.new("RGB", SIZE, rng.choice(SKIES))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 380, *SIZE), fill=(150, 150, 145))
    left = 20
    while left < SIZE[0] - 60:
        width, height = rng.randint(70, 130), rng.randint(140, 280)
        tone = rng.randint(150, 215)
        pen.rectangle((left, 380 - height, left + width, 380), fill=(tone, tone - 30, tone - 70))
        for top in range(380 - height + 20, 350, 50):
            pen.rectangle((left + 15, top, left + 40, top + 28), fill=(90, 110, 130))
        left += width + rng.randint(4, 24)
    held = io.BytesIO()
    image.save(held, "PNG")
    held.seek(0)
    return str(attachment_store(stream=held, name="anh.png").public_id)

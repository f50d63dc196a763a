"""Invented hot projects: they draw many letters from few units. None of them exists."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Project:
    """A project that takes land; ``codes`` are the units it touches, ``heat`` scales letters."""

    slug: str
    name: str
    owner: str
    codes: tuple[str, ...]
    fields: tuple[str, ...]
    heat: int


PROJECTS = (
    Project(
        "vanh-dai-sen-vang",
        "dự án xây dựng tuyến đường vành đai Sen Vàng, đoạn qua khu vực phía Tây",
        "Ban Quản lý dự án giao thông Sen Vàng",
        ("09856", "09832", "09877"),
        ("land_compensation", "land_planning"),
        14,
    ),
    Project(
        "do-thi-lam-khe",
        "dự án khu đô thị mới Lam Khê",
        "Công ty cổ phần Đầu tư Lam Khê Xanh",
        ("00622", "00634"),
        ("land_compensation", "housing"),
        10,
    ),
    Project(
        "cum-cong-nghiep-dong-mo",
        "dự án cụm công nghiệp làng nghề Đồng Mơ",
        "Công ty TNHH Hạ tầng Đồng Mơ Mới",
        ("10030", "10015"),
        ("land_compensation", "environment"),
        9,
    ),
    Project(
        "cau-hac-trang",
        "dự án xây dựng cầu Hạc Trắng và đường dẫn hai đầu cầu",
        "Ban Quản lý dự án cầu Hạc Trắng",
        ("00301", "00118"),
        ("land_compensation", "infrastructure"),
        9,
    ),
    Project(
        "bai-rac-go-sim",
        "dự án khu xử lý chất thải rắn Gò Sim",
        "Công ty cổ phần Môi trường Gò Sim",
        ("00376", "00385"),
        ("environment", "land_compensation"),
        11,
    ),
    Project(
        "dau-gia-dong-bun",
        "dự án đấu giá quyền sử dụng đất khu Đồng Bún",
        "Trung tâm Phát triển quỹ đất khu vực Đồng Bún",
        ("00466", "00454"),
        ("land_compensation", "land_title"),
        8,
    ),
    Project(
        "chung-cu-may-lam",
        "dự án tổ hợp chung cư Mây Lam",
        "Công ty cổ phần Địa ốc Mây Lam",
        ("00331", "00316"),
        ("housing", "construction_order"),
        8,
    ),
    Project(
        "thoat-nuoc-song-dau",
        "dự án cải tạo hệ thống thoát nước lưu vực Sông Dâu",
        "Ban Quản lý dự án thoát nước Sông Dâu",
        ("09562", "09886"),
        ("infrastructure", "environment"),
        7,
    ),
)

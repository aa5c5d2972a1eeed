"""The fictional province Qingjiang (清江省) as data: cities on a hexagonal map, counties, townships, hospitals.

Map tiles are pointy-topped hexagons in "even-r" offset coordinates: columns and rows count from 0 at the top left, and
even rows are shifted right by half a tile. A county's tile is counted inside its own city.
"""

from __future__ import annotations

from dataclasses import dataclass

PROVINCE = "清江省"

# Chinese and English name. The first is where the demo's experts work.
PROVINCIAL_HOSPITALS = (
    ("清江省人民医院", "Qingjiang Provincial People's Hospital"),
    ("清江医科大学附属第一医院", "First Affiliated Hospital of Qingjiang Medical University"),
    ("清江医科大学附属第二医院", "Second Affiliated Hospital of Qingjiang Medical University"),
    ("清江省中医院", "Qingjiang Provincial Hospital of Chinese Medicine"),
    ("清江省儿童医院", "Qingjiang Provincial Children's Hospital"),
    ("清江省肿瘤医院", "Qingjiang Provincial Cancer Hospital"),
)


@dataclass(frozen=True, slots=True)
class CityPlace:
    name: str
    name_en: str
    column: int
    row: int


CITIES = (
    CityPlace("澄川", "Chengchuan", 1, 1),
    CityPlace("云台", "Yuntai", 1, 0),
    CityPlace("松岭", "Songling", 2, 0),
    CityPlace("北原", "Beiyuan", 3, 0),
    CityPlace("青枫", "Qingfeng", 0, 1),
    CityPlace("玉河", "Yuhe", 2, 1),
    CityPlace("白石", "Baishi", 3, 1),
    CityPlace("东浦", "Dongpu", 4, 1),
    CityPlace("西岭", "Xiling", 0, 2),
    CityPlace("锦川", "Jinchuan", 1, 2),
    CityPlace("南屏", "Nanping", 2, 2),
    CityPlace("碧湖", "Bihu", 3, 2),
    CityPlace("望江", "Wangjiang", 4, 2),
    CityPlace("丹溪", "Danxi", 1, 3),
    CityPlace("平陵", "Pingling", 2, 3),
    CityPlace("华源", "Huayuan", 3, 3),
    CityPlace("安澜", "Anlan", 2, 4),
    CityPlace("临汐", "Linxi", 3, 4),
)


@dataclass(frozen=True, slots=True)
class CountyPlace:
    """A county of the first roll-out, in the city of that name; `townships` are Chinese and English names."""

    city: str
    name: str
    name_en: str
    townships: tuple[tuple[str, str], ...]


def _county(city: str, name: str, name_en: str, *townships: str) -> CountyPlace:
    pairs = tuple((chinese, english) for chinese, english in (place.split("/") for place in townships))
    return CountyPlace(city, name, name_en, pairs)


# Eighteen counties. Chengchuan has two, so that a sibling county exists; Xiling has not joined yet.
COUNTIES = (
    _county("澄川", "青溪县", "Qingxi County", "白石镇/Baishi Town", "柳河镇/Liuhe Town", "上坪乡/Shangping"),
    _county("澄川", "松桥县", "Songqiao County", "石泉镇/Shiquan Town", "清水镇/Qingshui Town"),
    _county("云台", "云溪县", "Yunxi County", "大坪镇/Daping Town", "茶园乡/Chayuan"),
    _county("松岭", "岭南县", "Lingnan County", "松林镇/Songlin Town", "双河镇/Shuanghe Town"),
    _county("北原", "北原县", "Beiyuan County", "黄土镇/Huangtu Town", "草桥镇/Caoqiao Town", "沙河乡/Shahe"),
    _county("青枫", "柳江县", "Liujiang County", "枫桥镇/Fengqiao Town", "新塘镇/Xintang Town"),
    _county("玉河", "江岸县", "Jiang'an County", "渡口镇/Dukou Town", "玉泉镇/Yuquan Town", "东堤乡/Dongdi"),
    _county("白石", "白沙县", "Baisha County", "石湾镇/Shiwan Town", "青田镇/Qingtian Town"),
    _county("东浦", "东浦县", "Dongpu County", "浦口镇/Pukou Town", "金桥镇/Jinqiao Town", "长洲乡/Changzhou"),
    _county("锦川", "锦屏县", "Jinping County", "织锦镇/Zhijin Town", "河西镇/Hexi Town"),
    _county("南屏", "竹山县", "Zhushan County", "竹溪镇/Zhuxi Town", "南坪镇/Nanping Town", "半岭乡/Banling"),
    _county("碧湖", "湖口县", "Hukou County", "湖滨镇/Hubin Town", "莲塘镇/Liantang Town"),
    _county("望江", "望江县", "Wangjiang County", "江北镇/Jiangbei Town", "瓦埠镇/Wabu Town", "新洲乡/Xinzhou"),
    _county("丹溪", "丹溪县", "Danxi County", "红岩镇/Hongyan Town", "温泉镇/Wenquan Town"),
    _county("平陵", "平阳县", "Pingyang County", "陵城镇/Lingcheng Town", "麦田镇/Maitian Town"),
    _county("华源", "华源县", "Huayuan County", "源头镇/Yuantou Town", "杏树镇/Xingshu Town", "云峰乡/Yunfeng"),
    _county("安澜", "安澜县", "Anlan County", "海塘镇/Haitang Town", "盐田镇/Yantian Town"),
    _county("临汐", "临汐县", "Linxi County", "潮安镇/Chao'an Town", "渔港镇/Yugang Town", "沙岛乡/Shadao"),
)

# Two village clinics for each township; the names repeat across the province as they do in life.
VILLAGES = (
    ("柳湾村", "Liuwan Village"),
    ("前进村", "Qianjin Village"),
    ("石桥村", "Shiqiao Village"),
    ("桃园村", "Taoyuan Village"),
    ("大井村", "Dajing Village"),
    ("东山村", "Dongshan Village"),
    ("下河村", "Xiahe Village"),
    ("杏花村", "Xinghua Village"),
    ("新丰村", "Xinfeng Village"),
    ("红星村", "Hongxing Village"),
)

# Specialty key -> Chinese and English names of its department.
SPECIALTIES: dict[str, tuple[str, str]] = {
    "cardiology": ("心血管内科", "Cardiology"),
    "respiratory": ("呼吸与危重症医学科", "Respiratory and critical care"),
    "neurology": ("神经内科", "Neurology"),
    "radiology": ("医学影像科", "Radiology"),
    "ultrasound": ("超声医学科", "Ultrasound"),
    "general_surgery": ("普通外科", "General surgery"),
    "paediatrics": ("儿科", "Paediatrics"),
    "endocrinology": ("内分泌科", "Endocrinology"),
    "emergency": ("急诊科", "Emergency medicine"),
    "general_practice": ("全科医学科", "General practice"),
    "telemedicine": ("远程医学中心", "Telemedicine centre"),
    "nursing": ("护理部", "Nursing"),
}

DEPARTMENTS_BY_LEVEL: dict[int, tuple[str, ...]] = {
    1: (
        "cardiology",
        "respiratory",
        "neurology",
        "radiology",
        "ultrasound",
        "general_surgery",
        "paediatrics",
        "endocrinology",
        "emergency",
        "telemedicine",
        "nursing",
    ),
    2: ("cardiology", "respiratory", "neurology", "radiology", "ultrasound", "emergency", "telemedicine", "nursing"),
    3: ("cardiology", "respiratory", "radiology", "ultrasound", "emergency", "general_practice", "nursing"),
    4: ("general_practice", "nursing"),
    5: ("general_practice",),
}

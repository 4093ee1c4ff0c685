"""Names for the demo district. Zones and streets are the real ones; all others are made up."""

from sqlalchemy import text

ZONES = (
    ("高端制造与国际贸易区", "Advanced manufacturing and trade zone"),
    ("独墅湖科教创新区", "Dushu Lake science and education zone"),
    ("阳澄湖半岛旅游度假区", "Yangcheng Lake peninsula zone"),
    ("金鸡湖商务区", "Jinji Lake business zone"),
)
STREETS = (
    ("娄葑街道", "Loufeng"), ("斜塘街道", "Xietang"), ("唯亭街道", "Weiting"),
    ("胜浦街道", "Shengpu"), ("金鸡湖街道", "Jinji Lake"),
)  # fmt: skip
COMMUNITIES = (
    "星湖",
    "映月",
    "荷塘",
    "枫林",
    "锦溪",
    "云溪",
    "翠园",
    "新苑",
    "东沙",
    "滨河",
    "杏林",
    "玉成",
)
COMPANIES = (
    ("飞速配送", "Swift Delivery"), ("蓝鲸外卖", "Blue Whale Meals"), ("小蜂即送", "Little Bee"),
    ("千里快递", "Thousand Li"), ("同城闪达", "City Flash"), ("绿叶生鲜", "Green Leaf Fresh"),
)  # fmt: skip
DEPARTMENTS = (
    "综合行政执法", "市容环卫", "公安", "交警", "消防", "住建", "规划建设", "交通运输", "水务", "园林绿化",
    "市场监管", "卫生健康", "民政", "人力社保", "应急管理", "生态环境", "教育", "司法", "商务", "文体旅游",
    "供电", "供水", "燃气", "通信", "公交", "路灯管理", "停车管理", "物业管理", "城市排水", "公共设施", "骑手服务",
)  # fmt: skip
SYSTEMS = 43
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
MOVE_SEQUENCE = text(
    "SELECT setval(pg_get_serial_sequence('organisations', 'id'), max(id)) FROM organisations"
)
PLACES = (
    "东门公交站旁", "菜场南侧路口", "地铁口非机动车道", "写字楼后门", "小区北门外", "河边步道",
    "学校门前", "商业街中段", "停车场入口", "路口西北角", "天桥下", "取餐点旁边",
)  # fmt: skip

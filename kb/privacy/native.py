"""Names of Tibetans, Mongols, Uyghurs, Kazakhs and Yi as Chinese characters write them."""

from __future__ import annotations

_LONG_NAMES = (
    "其其格 其木格 琪琪格 巴特尔 格日勒 阿古拉 额尔敦 吉日嘎拉 青格勒 阿拉坦 那日苏 苏日娜 萨日娜"
    " 敖特根 斯日古楞 "
    "买买提 麦麦提 阿不都 阿卜杜 艾合买提 艾买提 吐尔逊 吐尔洪 木合塔尔 热合曼 库尔"
    "班 努尔兰 阿里木 "
    "赛买提 艾尔肯 帕提古丽 阿依古丽 热孜万古丽 玛依拉 哈布力 赛力克 巴合提 叶尔肯 "
    "古丽米热 则热古丽 敖日格乐 阿迪力 迪丽娜尔 努尔古丽 阿曼古丽 海日古丽 米热古丽"
    " 苏布达 乌日娜 阿木古楞 特木尔 乌力吉 阿尔斯楞 古丽娜 古丽巴哈 阿依努尔 玉素甫"
    " 亚森江 斯迪克 依布拉音 伊力哈木 沙依然 塔依尔 乌斯曼"
)
_SHORT_NAMES = (
    "扎西 多吉 卓玛 次仁 达瓦 旺堆 央金 索朗 索南 格桑 平措 洛桑 罗布 巴桑 边巴 拉姆 白玛 仁青 "
    "顿珠 强巴 加措 旦增 丹增 普布 米玛 贡布 才让 才旦 桑吉 曲珍 德吉 措姆 尼玛 旺"
    "姆 旺杰 次旺 次旦 "
    "彭措 泽仁 格列 土登 嘎玛 占堆 群培 娜仁 托娅 图雅 高娃 斯琴 萨仁 乌云 乌兰 呼"
    "和 孟和 宝音 牧仁 "
    "塔娜 敖登 图娅 琪格 哈斯 布和 巴图 朝鲁 那顺 苏和 通拉嘎 毕力格 图门 满都 巴雅尔 古丽 阿"
    "依 努尔 艾力 肉孜 "
    "依明 如则 艾尼 别克 吉克 阿牛 阿木 拉布 沙马 吉木 曲比 阿呷 阿依 子日 日火 尔"
    "古 阿说 马海 惹古 "
    "伍呷 史古 乌果 石一 木呷 尔布 拉则 古曲 阿支"
)
_LONG, _SHORT = _LONG_NAMES.split(), _SHORT_NAMES.split()
# What names of more than two characters are made of, where a label says that a person follows.
SYLLABLES = "".join(
    sorted(
        {*"".join([*_LONG, *_SHORT])}
        | {
            *"汗江孜热合买提尔古丽克巴木其格图雅娅娜日苏吉嘎拉云高花特根那音塔哈萨肯斯沙玛赫达朝鲁宝如洪坎帕"
        }
        | {
            *"夏甫卡德外力亚森海再米迪娃琪莎桑茹罕胡塞因依不都艾买热比茜姑吾守肉克热孜吐甫夫玛穆罕默"
        }
    )
)
_ANY = "|".join(dict.fromkeys([*_LONG, *_SHORT]))
_FIRST = "".join(sorted({name[0] for name in [*_LONG, *_SHORT]}))
# One of three characters or more, or two, with or without ·; no 乌兰察布, no 呼和浩特.
NATIVE = (
    rf"(?=[{_FIRST}])(?:(?:{_ANY})(?:·?(?:{_ANY})){{1,4}}"
    rf"|(?:{'|'.join(_LONG)})(?:·[\u3400-\u9fff]{{2,6}})?)(?![县市镇乡村旗盟街路])"
)

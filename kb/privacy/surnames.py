"""Surnames, and the words that only look as if they began with one."""

from __future__ import annotations

# The surnames of nine in ten Chinese people (Ministry of Public Security, 2020 report on names,
# and the commonest of two characters): where a label does not say that a person follows.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧肖蔡潘田董袁于余叶蒋杜苏魏"
    "程吕丁沈任"
    "姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎闫薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严赖"
    "覃洪武莫孔"
    "易殷骆蓝付尚温康施牛樊葛邢安齐庞颜庄聂章鲁岳翟申耿关兰焦俞左柳甘祝包宁符阮"
)
# The next few hundred: only where no word of the dictionary stands.
RARE = (
    "贝奚昌平解惠吉封松贲滑欧梅盛桂倪穆芦鄢苗裴项常冉游辛管詹季舒屈阳柯路喻凌靳卜娄司岑凤华费廉薄"
    "滕毕乌皮卞伍元卓池仇单楚"
    "褚储畅晁成丛党狄刁杭佟窦鄂班边卫匡宫巩古谷郜苟桑沙佘佀仝冀纪简蹇揭荆井景敬鞠隽阚寇郎劳冷栗"
    "蔺隆逯鹿麻茅蒙米缪闵明牟慕农蒲濮戚漆祁綦强乔裘曲麴荣戎茹芮萨涂屠宛危沃邬席冼咸胥宣荀晏燕羊衣伊"
    "尤虞郁禹蒯原苑臧迮湛仉支植智仲竺诸宗祖纵佐扈蔚暴乜笪麦晋冒昝粘谌谯谈翁邝鄞阙霍鲍鲜皇敖柏巴哈艾"
    "童汤甄双花容雍庾郗邰逄伏计宿云钮嵇滑汲邴糜富巫弓牧隗山宓蓬仰秋栾钭厉幸韶蓟索阴鬱苍闻莘贡姬郦郤"
    "璩寿郏浦柴瞿习宦鱼戈暨衡满弘禄殳夔厍勾訾饶丰巢权盖桓帅缑亢郈佴郇菅禚蔄战仵扎雒郄鄯隰矫宾"
)
COMPOUND = (
    "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|令狐|慕容|端木|南宫|夏侯|司徒|司空|轩辕|宇文|长孙"
    "|申屠|钟离|闻人"
    "|濮阳|淳于|单于|澹台|呼延|东郭|独孤|拓跋|鲜于|太史|赫连|万俟|公冶|宗政|闾丘|仲孙|百里|第五"
    "|西门|东门|南门"
)
# Surnames that begin few words, and those words: behind a role they need nothing to tell a name.
CLEAR = frozenset(
    "王李张刘陈杨赵吴徐孙朱胡郭罗郑梁宋唐邓冯韩曹彭萧蔡潘董袁蒋杜魏吕姚卢傅崔谭廖汪邹孟秦阎薛侯龚"
    "邵覃谢许"
)
_WORDS = (
    "陈述 陈列 陈设 陈旧 陈年 王朝 王府 王公 王爷 王子 王宫 王国 王后 王妃 王权 王族 王储 王法 "
    "王冠 王八 王道 张贴 张开 张望 张罗 张扬 张嘴 张口 张狂 张大 李家 张家 刘家 赵家 陈家 杨家 "
    "朱家 胡家 徐家 郑家 谭家 谢家 谢谢 谢幕 谢恩 徐徐 杜绝 杜撰 杜鹃 杜仲 孙子 孙女 孙儿 许可 "
    "许诺 许昌 胡同 胡说 胡子 胡闹 胡来 胡椒 胡吹 胡麻 胡琴 胡桃 胡风 曾孙 杨梅 杨树 杨柳 李子 "
    "李氏 魏晋 刘海 罗盘 罗汉 罗田 罗马 唐突 唐诗 唐人 宋词 宋元 汪洋 汪汪 侯爵 秦汉 秦军 秦岭 "
    "吴越 吴江 吴兴 朱红 朱砂 朱笔 朱雀 孟子 梁山 梁柱 赵国 蔡家 卢布 "
)
NO_NAMES = frozenset(_WORDS.split())

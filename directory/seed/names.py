"""Fictional Chinese personal names with their pinyin. Patients of the seed are named elsewhere, from other names."""

from __future__ import annotations

from random import Random

_SURNAMES = (
    "王Wang 李Li 张Zhang 刘Liu 杨Yang 黄Huang 赵Zhao 周Zhou 徐Xu 孙Sun 朱Zhu 胡Hu 郭Guo 高Gao 郑Zheng "
    "唐Tang 韩Han 曹Cao 曾Zeng 彭Peng 萧Xiao 董Dong 袁Yuan 潘Pan 余Yu 程Cheng 魏Wei 苏Su 吕Lü 丁Ding "
    "任Ren 卢Lu 姚Yao 钟Zhong 崔Cui 谭Tan 陆Lu 汪Wang 范Fan 石Shi 廖Liao 贾Jia 韦Wei 傅Fu 白Bai 邹Zou "
    "熊Xiong 秦Qin 邱Qiu 江Jiang 尹Yin 薛Xue"
)
_FIRST = (
    "文wen 思si 雨yu 子zi 嘉jia 明ming 知zhi 清qing 云yun 景jing 怀huai 若ruo 书shu 承cheng 玉yu 立li "
    "卓zhuo 望wang 远yuan 以yi 静jing 星xing 海hai 松song 乐le 念nian 善shan 舒shu 凌ling 亦yi 闻wen "
    "听ting 令ling 君jun 时shi 晨chen"
)
_SECOND = (
    "涵han 宁ning 川chuan 和he 霖lin 舟zhou 岚lan 悦yue 青qing 朗lang 安an 言yan 行xing 之zhi 微wei 然ran "
    "歌ge 帆fan 野ye 月yue 蓉rong 桐tong 屿yu 溪xi 珩heng 澄cheng 谦qian 恒heng 原yuan 诺nuo 白bai 枫feng "
    "衡heng 禾he 竹zhu 荷he"
)


def _table(text: str) -> list[tuple[str, str]]:
    return [(entry[0], entry[1:]) for entry in text.split()]


SURNAMES = _table(_SURNAMES)
FIRST = _table(_FIRST)
SECOND = _table(_SECOND)


class NameSource:
    """Draws full names that nobody in the seed has yet: (林晓禾, "Lin Xiaohe")."""

    def __init__(self, rng: Random, taken: set[str]) -> None:
        self._rng = rng
        self.taken = set(taken)

    def draw(self) -> tuple[str, str]:
        while True:
            surname, first, second = (self._rng.choice(table) for table in (SURNAMES, FIRST, SECOND))
            name = surname[0] + first[0] + second[0]
            if name not in self.taken and first[0] != second[0]:
                self.taken.add(name)
                return name, f"{surname[1]} {(first[1] + second[1]).capitalize()}"

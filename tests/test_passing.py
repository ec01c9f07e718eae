"""Numbers that are said in passing, beside those that count in earnest. The sentences are invented."""

import pytest

from extract import quantities

PASSING = [
    # parts, themes and views that a numeral only announces
    "两条主线贯穿始终",
    "四个环节环环相扣",
    "从三个维度发力",
    "活动分为三个阶段",
    "坚持三个导向",
    "实现两个提升",
    "谈了三点意见",
    "讲了四个问题",
    "提三点希望",
    "十条硬措施出台",
    "突出四个“强化”",
    "会议有三项议程",
    "提供六样服务",
    # figures of speech
    "工会建立两本账",
    "织密三张网",
    "守住三道防线",
    "打出两套组合拳",
    "走好三步棋",
    "打好五张牌",
    "擦亮三张名片",
    "两台好戏轮番上演",
    # the parts of one whole
    "把这笔钱分成三份",
    "救助分两次进行",
    "会场分成本地、外地两个企业专区",
    "经费分作四块使用",
    # what was named before
    "两笔合计不少",
    "三个项目各有各的难",
    "两地同时开工",
    "父子两人都是矿工",
    "夫妻二人同在一个车间",
    "师徒三人反复试验",
    # somebody's own story
    "他写了五本笔记",
    "她家有两个孩子",
    "他一天要跑两趟",
    "丈夫前年做了两次手术",
    "“在这里干久了，先后跑了三个工地。”",
    "擦了三遍机器",
    "经过三轮打磨",
    "师傅一天要焊300多个接头",
    "最多的一天跑了76单",
    "司钻一年读了30多本书",
    "家里养了12箱蜂",
    "陈某因病住院，总费用61304元，医保报销后自付14290元",
    "赵姐做手术花了1.7万元",
    "如果张师傅住院自付6800元，可获赔3000元",
    "老覃还欠着银行17万元贷款",
    # grand words
    "背后是百万职工的汗水",
    "时间过半，任务过半",
    "读书破万卷，下笔如有神",
    "条例共七章六十四条",
    # names and numbered bodies
    "机关二支部开展主题党日",
    "二车间主任王刚介绍",
    "三期工程即将投产",
    "三元区总工会开展活动",
    "一日三餐都有保障",
    "三人篮球赛激战正酣",
    "宿舍是四人间",
    "三次产业结构不断优化",
]

COUNTED = [
    ("县总工会新建四个驿站", "四个"),
    ("联合两个街道办起课堂", "两个"),
    ("开设两个培训班", "两个"),
    ("四项操作法写进了作业指导书", "四项"),
    ("举办三场招聘会", "三场"),
    ("组织了两轮协商", "两轮"),
    ("工会送来两台风扇", "两台"),
    ("三家企业率先建会", "三家"),
    ("职工代表分成8个慰问组", "8个"),
    ("工友们分两批出发", "两批"),
    ("表彰两名劳模", "两名"),
    ("四名选手晋级", "四名"),
    ("其中至少三个由职工自己上", "至少三个"),
    ("单位工会替她交了两份互助保障", "两份"),
    ("他们走访了3个工地", "3个"),
    ("其他三家企业也已建会", "三家"),
    ("签下三份专项合同", "三份"),
    ("十余场活动", "十余场"),
    ("惠及百万职工", "百万"),
    ("来自代表队11个", "11个"),
    ("站点每天送出150份午餐", "150份"),
    ("他翻开日志：文化列车跑了62趟", "62趟"),
    ("陈某因病住院，互助金补助4287元", "4287元"),
    ("授课1860课时", "1860课时"),
    ("联合7部门行动", "7部门"),
]


@pytest.mark.parametrize("text", PASSING)
def test_passing(text: str) -> None:
    assert [text[q.start : q.end] for q in quantities.find(text) if q.kind != "duration"] == []


@pytest.mark.parametrize(("text", "surface"), COUNTED)
def test_counted_in_earnest(text: str, surface: str) -> None:
    assert [text[q.start : q.end] for q in quantities.find(text)] == [surface]


def test_what_points_back_is_not_said_again() -> None:
    text = "选出80人。这80人分头出发，花去12万元。上述12万元已到账，今年的12万元另有安排。"
    assert [text[q.start : q.end] for q in quantities.find(text)] == ["80人", "12万元"]

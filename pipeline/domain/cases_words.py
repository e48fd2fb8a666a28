"""What people call states, actions, conditions and details of cases: Chinese and English."""

from collections.abc import Mapping

from zoubian.pipeline.domain.cases import (
    CaseAction,
    CaseState,
    Condition,
    Recheck,
    SendBackReason,
    Source,
)

Words = tuple[str, str]  # Chinese, English

STATE_WORDS: Mapping[CaseState, Words] = {
    CaseState.REGISTERED: ("已立案", "registered"),
    CaseState.DISPATCHED: ("已派遣", "dispatched"),
    CaseState.RETURNED: ("已回传", "returned"),
    CaseState.CLOSED: ("已结案", "closed"),
    CaseState.WITHDRAWN: ("已作废", "withdrawn"),
}

ACTION_WORDS: Mapping[CaseAction, Words] = {
    CaseAction.REGISTER: ("立案", "register"),
    CaseAction.DISPATCH: ("派遣", "dispatch"),
    CaseAction.REDISPATCH: ("改派", "re-dispatch"),
    CaseAction.DISPUTE: ("回退（非本单位）", 'dispute ("not ours")'),
    CaseAction.REQUEST_EXTENSION: ("申请延期", "ask for an extension"),
    CaseAction.GRANT_EXTENSION: ("批准延期", "grant the extension"),
    CaseAction.REFUSE_EXTENSION: ("不予延期", "refuse the extension"),
    CaseAction.REQUEST_PARKING: ("申请挂账", "ask for parking"),
    CaseAction.PARK: ("挂账", "park"),
    CaseAction.REFUSE_PARKING: ("不予挂账", "refuse the parking"),
    CaseAction.REVIEW_PARKING: ("挂账复核", "review the parking"),
    CaseAction.UNPARK: ("解除挂账", "end the parking"),
    CaseAction.EXEMPT: ("超期免责", "exempt from being overdue"),
    CaseAction.RETURN: ("回传", "return photos"),
    CaseAction.SEND_BACK: ("退回重办", "send back"),
    CaseAction.CLOSE: ("结案", "close"),
    CaseAction.FIX_ON_SPOT: ("当场整改", "record as fixed on the spot"),
    CaseAction.APPEAL: ("申诉", "appeal"),
    CaseAction.UPHOLD_APPEAL: ("申诉成立", "uphold the appeal"),
    CaseAction.REJECT_APPEAL: ("申诉不成立", "reject the appeal"),
    CaseAction.RAISE_HARD: ("列入疑难问题台账", "enter as a hard case"),
    CaseAction.NOTE_HARD: ("填写协调记录", "add a coordination note"),
    CaseAction.PROMISE_HARD: ("填写承诺时限", "set the promised date"),
    CaseAction.STRIKE_OFF: ("疑难问题销号", "strike off the hard case"),
    CaseAction.REOPEN: ("重新办理", "reopen"),
    CaseAction.PROPOSE_RECURRENCE: ("提示反复（回潮）", "propose a recurrence"),
    CaseAction.ACCEPT_RECURRENCE: ("认定反复（回潮）", "accept the recurrence"),
    CaseAction.REFUSE_RECURRENCE: ("不认定反复（回潮）", "refuse the recurrence"),
    CaseAction.SEE_AGAIN: ("记录再次发现", "record that it was seen again"),
    CaseAction.JOIN_CANDIDATE: ("并案", "merge in"),
    CaseAction.PART_CANDIDATE: ("拆分", "split off"),
    CaseAction.AMEND: ("修改地点描述或平台案号", "amend place or external number"),
    CaseAction.RECLASSIFY: ("修改类别", "change the category"),
    CaseAction.NOTE: ("备注", "add a note"),
    CaseAction.URGE: ("催办（督办）", "urge"),
    CaseAction.WITHDRAW: ("作废", "withdraw"),
}

CONDITION_WORDS: Mapping[Condition, Words] = {
    Condition.EXTENSION_REQUESTED: ("有待批的延期申请", "an extension request is waiting"),
    Condition.EXTENDED: ("已延期", "an extension was granted"),
    Condition.PARKING_REQUESTED: ("有待批的挂账申请", "a parking request is waiting"),
    Condition.PARKED: ("已挂账", "it is parked"),
    Condition.SENT_BACK: (
        "本轮被退回重办且尚未申诉",
        "it was sent back in this round and not yet appealed",
    ),
    Condition.APPEALED: ("有待处理的申诉", "an appeal is waiting"),
    Condition.RECURRENCE_PROPOSED: ("有待认定的反复提示", "a proposed recurrence is waiting"),
    Condition.HARD: ("已列入疑难问题台账", "it stands in the ledger of hard cases"),
}

SEND_BACK_WORDS: Mapping[SendBackReason, Words] = {
    SendBackReason.WRONG_ANGLE: ("角度不符", "other angle"),
    SendBackReason.TOO_CLOSE: ("太近", "too close"),
    SendBackReason.TOO_DARK: ("太暗", "too dark"),
    SendBackReason.REMAINS: ("仍有残留", "something remains"),
    SendBackReason.OTHER_PLACE: ("非同一处", "another place"),
    SendBackReason.MOVED_ELSEWHERE: ("转移未清", "moved, not cleared"),
}

RECHECK_WORDS: Mapping[Recheck, Words] = {
    Recheck.ON_SITE: ("实地复检", "on-site recheck"),
    Recheck.PHOTO: ("照片复查", "recheck by photo"),
}

SOURCE_WORDS: Mapping[Source, Words] = {
    Source.PATROL: ("巡查发现", "found on patrol"),
    Source.MANUAL: ("人工上报", "reported by a person"),
    Source.STREET: ("街道自查", "the unit's own inspection"),
}

DETAIL_WORDS: Mapping[str, Words] = {
    "note": ("说明", "note"),
    "remaining": ("遗留问题", "remaining problems"),
    "ground": ("销号依据", "ground for striking off"),
    "number": ("案号", "case number"),
    "category": ("类别", "category"),
    "filing_condition": ("立案条件", "filing condition"),
    "rule_id": ("时限规定", "deadline rule"),
    "place_zh": ("地点描述", "place in Chinese"),
    "place_en": ("地点英文描述", "place in English"),
    "external_number": ("城管平台案号", "number of the city's own system"),
    "season": ("季节批次", "season"),
    "unit_id": ("责任单位", "responsible unit"),
    "office_unit_id": ("牵头处室", "leading office"),
    "proposed_unit_ids": ("拟派单位", "proposed units"),
    "assisting_unit_ids": ("协办单位", "assisting units"),
    "candidate_ids": ("疑似问题", "candidates"),
    "photo_sha256s": ("照片", "photos"),
    "before_photo_sha256s": ("整改前照片", "photos before"),
    "after_photo_sha256s": ("整改后照片", "photos after"),
    "until": ("期限", "until when"),
    "due_at": ("到期时间", "due time"),
    "level": ("催办级别", "level of urging"),
    "batch": ("催办批次", "batch of urging"),
    "recheck": ("复查方式", "way of rechecking"),
    "reason": ("退回原因", "reason to send back"),
    "source": ("来源", "source"),
    "lat": ("纬度", "latitude"),
    "lon": ("经度", "longitude"),
    "radius_m": ("定位误差", "position radius"),
}

"""The Chinese names of permissions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission

PERMISSIONS = {
    Permission.VIEW_REGIONS: _("查看区划"),
    Permission.EDIT_REGIONS: _("维护区划"),
    Permission.VIEW_PLACES: _("查看房屋"),
    Permission.EDIT_PLACES: _("维护房屋"),
    Permission.VIEW_PEOPLE: _("查看居民"),
    Permission.EDIT_PEOPLE: _("维护居民"),
    Permission.REVEAL_PEOPLE: _("申请查看证件号码和电话"),
    Permission.EXPORT_PEOPLE: _("导出居民"),
    Permission.VIEW_GROUPS: _("查看人群"),
    Permission.VIEW_SENSITIVE_GROUPS: _("查看敏感人群"),
    Permission.EDIT_GROUPS: _("维护人群"),
    Permission.VIEW_ORGANISATIONS: _("查看单位"),
    Permission.EDIT_ORGANISATIONS: _("维护单位"),
    Permission.IMPORT_REGISTRY: _("批量导入"),
    Permission.FILL_FORMS: _("填表"),
    Permission.PROPOSE_CHANGES: _("提出更正"),
    Permission.VIEW_STATISTICS: _("查看统计"),
    Permission.PLAN_ADJUSTMENT: _("拟定社区调整方案"),
    Permission.APPROVE_ADJUSTMENT: _("批准和执行社区调整"),
    Permission.HANDLE_CASES: _("办理办件"),
    Permission.OVERSEE_CASES: _("督办办件"),
    Permission.MANAGE_CATALOGUE: _("编制社区事项清单"),
    Permission.VIEW_ADMISSION: _("看准入申请和事项经费"),
    Permission.APPLY_ADMISSION: _("申请准入、登记拨付"),
    Permission.GIVE_OPINIONS: _("对准入提意见、提异议"),
    Permission.DECIDE_ADMISSION: _("审定准入、答复异议"),
    Permission.APPROVE_EMERGENCY: _("批准应急事项"),
    Permission.MANAGE_USERS: _("管理用户"),
    Permission.MANAGE_SYSTEM: _("管理系统"),
    Permission.VIEW_AUDIT: _("查看操作记录"),
    Permission.VIEW_SHARING: _("查看数据共享"),
    Permission.MANAGE_SHARING: _("管理数据共享"),
    Permission.CONFIRM_SHARING: _("确认数据共享授权"),
    Permission.VIEW_GATE: _("查看检查会议日程、牌子和综合考核"),
    Permission.SEND_TO_COMMUNITIES: _("申请到社区检查、开会、挂牌"),
    Permission.RECEIVE_AGENDA: _("对检查会议提意见、登记用时"),
    Permission.COORDINATE_AGENDA: _("协调检查会议、设负担上限"),
    Permission.EDIT_PLATES: _("登记和盘点牌子"),
    Permission.DECIDE_PLATES: _("决定牌子去留"),
    Permission.MANAGE_ASSESSMENT: _("制定综合考核方案"),
    Permission.VIEW_CERTIFICATES: _("查看证明、用印和不予出具"),
    Permission.ISSUE_CERTIFICATES: _("出具证明、开不予出具告知单、登记用印"),
    Permission.APPROVE_CERTIFICATES: _("审批证明、管理印章"),
    Permission.MANAGE_CERTIFICATES: _("管理证明清单和办理机构，登记交涉结果"),
}

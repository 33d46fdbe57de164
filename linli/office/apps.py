from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficeConfig(AppConfig):
    name = "linli.office"
    label = "office"
    verbose_name = _("办公")

    def ready(self) -> None:
        from linli.access.models import Permission
        from linli.facts import kept
        from linli.office import counting, regions
        from linli.pages import nav, search
        from linli.pages.nav import NavItem

        kept.register(counting.KEY, counting.count)
        nav.register(NavItem("", _("工作台"), "home", "layout-dashboard", order=0))
        nav.register(NavItem(nav.DATA, _("数据字典"), "dictionary", "book", order=70))
        nav.register(NavItem(nav.DATA, _("区划"), "regions", "sitemap", Permission.VIEW_REGIONS, order=71))
        nav.register(NavItem(nav.DATA, _("工作日历"), "calendar", "calendar", order=72))
        nav.register(
            NavItem(nav.SYSTEM, _("用户与岗位"), "users", "user-cog", Permission.MANAGE_USERS, order=90)
        )
        nav.register(
            NavItem(nav.SYSTEM, _("机构"), "units", "building-community", Permission.MANAGE_USERS, order=90)
        )
        nav.register(NavItem(nav.SYSTEM, _("操作记录"), "events", "history", Permission.VIEW_AUDIT, order=91))
        nav.register(
            NavItem(nav.SYSTEM, _("查看记录"), "disclosures", "eye", Permission.VIEW_AUDIT, order=92)
        )
        search.register("regions", _("区划"), regions.hits, order=50, more_url=regions.more_url)

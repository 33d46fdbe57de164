"""What an import did, and whoever hears how far it is."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from linli.registry.intake.rules.facts import Wrong


class Listener:
    """Hears how far an import is; a job's `Running` is one."""

    def stage(self, text: str, total: int = 0, *, unit: str | None = None) -> None:
        """A step begins."""

    def progress(self, done: int, total: int | None = None) -> None:
        """So many units of it are done."""


@dataclass
class Outcome:
    """What an import did. `wrong` maps row numbers (from 0) to what is wrong with them."""

    rows: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    moved: int = 0
    estates: int = 0
    buildings: int = 0
    homes: int = 0
    homes_updated: int = 0
    households: int = 0
    headless: int = 0
    wrong: dict[int, list[Wrong]] = field(default_factory=dict)
    seconds: float = 0.0
    timings: dict[str, float] = field(default_factory=dict)

    @property
    def rejected(self) -> int:
        return len(self.wrong)

    @property
    def changed_nothing(self) -> bool:
        return not any(
            (
                self.new,
                self.updated,
                self.estates,
                self.buildings,
                self.homes,
                self.homes_updated,
                self.households,
            )
        )

    def sentence(self) -> str:
        """The result in one sentence."""
        said = _("新增 %(new)s 人，更新 %(updated)s 人，无变化 %(unchanged)s 人，退回 %(rejected)s 行") % {
            "new": f"{self.new:,}",
            "updated": f"{self.updated:,}",
            "unchanged": f"{self.unchanged:,}",
            "rejected": f"{self.rejected:,}",
        }
        if self.homes or self.homes_updated:
            said += _("；新增房屋 %(new)s 套，更新 %(updated)s 套") % {
                "new": f"{self.homes:,}",
                "updated": f"{self.homes_updated:,}",
            }
        return said + "。"

    def notes(self) -> list[str]:
        """What the user should know besides."""
        said = []
        if self.estates or self.buildings or self.households:
            said.append(
                _("新增小区 %(estates)s 个、楼栋 %(buildings)s 栋、家庭户 %(households)s 户。")
                % {"estates": self.estates, "buildings": self.buildings, "households": self.households}
            )
        if self.moved:
            said.append(
                _("其中 %(n)s 人原来登记住在别处，已按迁居办理：原住处的居住记录到迁入那天为止。")
                % {"n": self.moved}
            )
        if self.headless:
            said.append(
                _("有 %(n)s 户的户主行被退回，这几户暂时没有户主；改正后重新上传退回的表，会自动补齐。")
                % {"n": self.headless}
            )
        if self.rejected:
            said.append(
                _(
                    "退回的行在下面的表里，标了颜色的格子就是有问题的地方，原因写在最后一列；改好后直接上传这张表即可。"
                )
            )
        return said

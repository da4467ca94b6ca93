"""Are there published advisories against what the lock files pin? Run by ``make audit``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def audited(lock: Path) -> list[dict[str, object]]:
    """What pip-audit says of each package of ``lock``. Raises CalledProcessError."""
    command = [
        str(Path(sys.executable).with_name("pip-audit")),
        "--requirement",
        str(lock),
        "--require-hashes",
        "--disable-pip",
        "--format=json",
        "--progress-spinner=off",
    ]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode not in (0, 1) or not run.stdout:
        raise subprocess.CalledProcessError(run.returncode, command, stderr=run.stderr)
    found: list[dict[str, object]] = json.loads(run.stdout)["dependencies"]
    return found


def main(locks: list[str]) -> int:
    """1 where a package has an advisory. What could not be looked up is said, never passed over."""
    status = 0
    for lock in map(Path, locks):
        try:
            packages = audited(lock)
        except subprocess.CalledProcessError as error:
            print(f"{lock}：没有查：连不上公布漏洞的地方（{error.stderr.strip()[-200:]}）")
            continue
        unknown = [package for package in packages if "skip_reason" in package]
        hit = [package for package in packages if package.get("vulns")]
        for package in hit:
            print(f"{lock}：{package['name']} {package['version']} 有漏洞：{package['vulns']}")
            status = 1
        known = len(packages) - len(unknown)
        print(f"{lock}：依赖 {len(packages)} 个，查了 {known} 个，其中有漏洞的 {len(hit)} 个")
        if unknown:
            print(
                f"{lock}：没有查的 {len(unknown)} 个：这台机器拿不到它们的公告；"
                "请在能上网的机器上再运行 make audit"
            )
    return status


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

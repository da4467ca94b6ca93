#!/bin/sh
# 从离线安装包安装或升级复文，不需要网络。可以反复运行；数据、设置、备份一概不动。
#   sh install.sh                    装到 /opt/fuwen，建 fuwen 账号，放好 systemd 单元（要 root）
#   sh install.sh --prefix 文件夹    只把程序装到这个文件夹，不动系统
#   --python 命令                    用哪个 Python，默认 VERSION 里写的那个版本
set -eu
umask 022
here=$(cd "$(dirname "$0")" && pwd)
prefix=/opt/fuwen system=yes python=''
release='' python_version='' machine='' # VERSION says them

say() { printf '%s\n' "$*"; }
stop() { printf '没有装：%s\n' "$*" >&2; exit 1; }

while [ $# -gt 0 ]; do
  case $1 in
    --prefix) prefix=${2:?--prefix 后面要有文件夹} system=no; shift 2 ;;
    --python) python=${2:?--python 后面要有命令}; shift 2 ;;
    *) stop "不认识 $1；用法见 install.sh 开头" ;;
  esac
done

# shellcheck source=/dev/null
. "$here/VERSION"
python=${python:-python$python_version}
if [ "$system" = yes ] && [ "$(id -u)" -ne 0 ]; then stop "要用 root 运行；只装程序可以加 --prefix 文件夹"; fi
[ "$(uname -m)" = "$machine" ] || stop "安装包是给 $machine 的，这台机器是 $(uname -m)"
command -v "$python" >/dev/null || stop "没有找到 $python；请先从系统的安装盘装上，或用 --python 指明"
found=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
[ "$found" = "$python_version" ] || stop "安装包是给 Python $python_version 的，$python 是 $found"
"$python" -c 'import ensurepip, venv' 2>/dev/null || stop "$python 没有 venv；Debian、UOS 请装 python$python_version-venv"

say "核对安装包……"
(cd "$here" && sha256sum --quiet --check SHA256SUMS) || stop "有文件与 SHA256SUMS 对不上；请重新拷贝安装包"
release=$release-$(sha256sum "$here/SHA256SUMS" | cut -c1-8)
folder=$prefix/releases/$release

if [ -e "$folder/complete" ]; then
  say "$release 已经装过"
else
  say "安装 $release 到 $folder……"
  rm -rf "$folder"
  mkdir -p "$prefix/releases"
  "$python" -m venv "$folder"
  "$folder/bin/python" -m pip install --quiet --no-index --no-deps --disable-pip-version-check "$here"/wheels/*.whl
  "$folder/bin/python" -m pip check
  "$folder/bin/fuwen" --version
  cp -r "$here/docs" "$here/sbom.json" "$here/LICENSE" "$folder"
  install -m 0755 "$here/backup.sh" "$folder"
  : > "$folder/complete"
fi

before=$(readlink "$prefix/current" || true)
if [ "$before" != "releases/$release" ]; then
  [ -z "$before" ] || ln -sfn "$before" "$prefix/previous"
  ln -s "releases/$release" "$prefix/current.new"
  mv -T "$prefix/current.new" "$prefix/current"
fi
for old in "$prefix"/releases/*; do
  case $(basename "$old") in
    "$release" | "$(basename "$(readlink "$prefix/previous" || echo -)")") ;;
    *) rm -rf "$old"; say "已删去更早的程序 $old" ;;
  esac
done

if [ "$system" = yes ]; then
  getent passwd fuwen >/dev/null ||
    useradd --system --user-group --home-dir /var/lib/fuwen --no-create-home --shell /usr/sbin/nologin fuwen
  for private in /var/lib/fuwen /var/backups/fuwen; do
    [ -d $private ] || install -d -m 0700 -o fuwen -g fuwen $private
  done
  [ -d /srv/fuwen/letters ] || install -d -m 0755 /srv/fuwen /srv/fuwen/letters
  [ -d /etc/fuwen ] || install -d -m 0750 -g fuwen /etc/fuwen
  [ -e /etc/fuwen/fuwen.env ] || install -m 0640 -g fuwen "$here/fuwen.env" /etc/fuwen/fuwen.env
  cp -r "$here"/systemd/* /etc/systemd/system/
  install -m 0755 "$here/fuwen" /usr/local/bin/fuwen
  [ ! -d /run/systemd/system ] || systemctl daemon-reload
fi

say "装好了：$prefix/current（$release）"
if [ -n "$before" ] && [ "$before" != "releases/$release" ]; then
  say "上一个版本还在：$before。重新启动以后换用新的：systemctl restart fuwen-server fuwen-watch"
  say "退回去：ln -sfn $before $prefix/current，再重新启动（先看 docs/upgrade.md）"
fi

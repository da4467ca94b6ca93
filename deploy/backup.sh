#!/bin/sh
# 备份到「文件夹/日期-时刻」，再删去三十天以前的备份；最新的七份总留着。
# 用法：backup.sh 文件夹。由 fuwen-backup.service 以 fuwen 账号运行，KB_DATA 在环境里。
set -eu
umask 077
folder=${1:?用法：backup.sh 文件夹}
fuwen=$(dirname "$(readlink -f "$0")")/bin/fuwen

"$fuwen" backup "$folder/$(date +%Y%m%d-%H%M%S)"

# 名字就是时刻，所以按名字排就是按先后排。
find "$folder" -mindepth 1 -maxdepth 1 -type d -name '[0-9]*-[0-9]*[0-9]' | sort -r | tail -n +8 |
while read -r old; do
  if [ -n "$(find "$old" -maxdepth 0 -mtime +30)" ]; then
    rm -rf "$old"
    echo "已删去三十天以前的备份 $old"
  fi
done

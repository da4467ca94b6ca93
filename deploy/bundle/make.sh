#!/bin/sh
# 打离线安装包：make.sh 哪个 python 里有照锁装好的 setuptools、打好的 wheel、物料清单。由 make bundle 运行。
set -eu
umask 022
python=$1 wheel=$2 sbom=$3
to=build/bundle
version=$(basename "$wheel" | cut -d- -f2)
python_version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
name=fuwen-$version-$(uname -m)-py$python_version
folder=$to/$name

rm -rf "$to"
mkdir -p "$folder/wheels" "$folder/docs"
"$python" -m pip wheel --quiet --disable-pip-version-check --require-hashes --no-deps --no-build-isolation \
  --wheel-dir "$folder/wheels" --requirement deploy/lock/run.txt
cp "$wheel" "$folder/wheels"
find deploy -mindepth 1 -maxdepth 1 -type d ! -name lock ! -name bundle -exec cp -r {} "$folder" \;
cp deploy/fuwen.env deploy/bundle/install.sh deploy/bundle/fuwen LICENSE "$folder"
cp docs/*.md docs/*.ipynb CHANGELOG.md "$folder/docs"
cp "$sbom" "$folder/sbom.json"
printf 'release=%s\npython_version=%s\nmachine=%s\n' "$version" "$python_version" "$(uname -m)" > "$folder/VERSION"

(cd "$folder" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum) > "$to/SHA256SUMS"
mv "$to/SHA256SUMS" "$folder"
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git log -1 --format=%ct)" \
  -C "$to" -cf - "$name" | gzip -n > "$to/$name.tar.gz"
(cd "$to" && sha256sum "$name.tar.gz" > "$name.tar.gz.sha256")
ls -lh "$to"/*.tar.gz

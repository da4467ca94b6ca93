# 「make run」「make test」在只装有 Python 3.11 和 make 的机器上即可使用。
PYTHON ?= python3.11
PIP_FLAGS ?= --disable-pip-version-check --quiet
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000
READER := build/reader
SOURCES := mail policy ncp letters
WORKERS ?= auto
# Each worker loads both models, so at most four. A file's tests share what they make, so they stay together.
TESTS := $(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help run test check eval meant eval-sources baseline corpus widget reader tagger clean

help: ## 列出可用的命令
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

# What is installed stands in deploy/lock with its hashes; jieba is built from source with build.txt.
# Then comes what serving the bundled models needs none of: torch, of which each kind of machine has
# a build of its own, and sentence-transformers (see docs/install.md).
LOCKED := $(BIN)/python -m pip install $(PIP_FLAGS) --require-hashes --no-deps --no-build-isolation

$(VENV)/run.stamp: pyproject.toml deploy/lock/build.txt deploy/lock/run.txt
	$(PYTHON) -m venv $(VENV)
	$(LOCKED) -r deploy/lock/build.txt
	$(LOCKED) -r deploy/lock/run.txt
	$(BIN)/python -m pip install $(PIP_FLAGS) --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp deploy/lock/test.txt
	$(LOCKED) -r deploy/lock/test.txt
	$(BIN)/python -m pip install $(PIP_FLAGS) --no-build-isolation -e '.[dev,eval]'
	@touch $@

run: $(VENV)/run.stamp ## 安装、编入 corpus/letters、打开 http://127.0.0.1:8000，显示工作台的演示账号
	$(BIN)/fuwen index update corpus/letters
	$(BIN)/fuwen serve --host $(HOST) --port $(PORT) --demo corpus/decisions.jsonl

test: $(VENV)/dev.stamp ## 安装测试所需，在各个核上运行测试（WORKERS=0 只用一个进程）
	$(TESTS)

check: $(VENV)/dev.stamp ## 风格、类型、分层、测试
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(TESTS)

eval: $(VENV)/dev.stamp ## 跑示例题集，与 eval/baseline.json 比
	$(BIN)/fuwen eval corpus --out build/eval/corpus --fresh --baseline eval/baseline.json

meant: $(VENV)/dev.stamp ## 看市民的问法懂不懂（不把关，要十来分钟；CI 不跑）
	$(BIN)/fuwen eval meant eval/meant/letters eval/meant/mailbox

baseline: $(VENV)/dev.stamp ## 把示例题集这次的结果立为基线
	$(BIN)/fuwen eval corpus --out build/eval/corpus --fresh
	cp build/eval/corpus/results.json eval/baseline.json

corpus: $(VENV)/dev.stamp ## 由 corpus/sources 重建各种格式的示例复文
	$(BIN)/python -m corpus.build

widget: ## 重新打包网页小窗到 server/static（需要 Node.js 20 和 npm）
	@command -v npm >/dev/null || { echo "没有找到 npm；请先安装 Node.js 20 或更新的版本（如 apt install nodejs npm）。只是运行服务不需要它：打包好的小窗就在 server/static" >&2; exit 1; }
	cd server/widget && npm ci && npm run types && npm test && npm run build

# What is judged and calibrated on is of fold 0, which no model here learned from.
TRAIN = $(BIN)/python -m eval.training.train_reader $(READER)/examples.jsonl $(WHEEL) $(READER) --fold 0
FIT = $(BIN)/python -m eval.training.fit_reader $(foreach s,$(SOURCES),$(s)=$(READER)/cut/$(s)/data:$(READER)/cut/$(s))

$(READER)/examples.jsonl: $(VENV)/models.stamp
	$(BIN)/python -m eval.training.asked_suites $(TEXTS) $(READER)/suites
	$(BIN)/python -m eval.training.asked_suites $(TEXTS) $(READER)/cut --fold 0 --cut
	for source in $(SOURCES); do \
	  $(BIN)/fuwen index update --data $(READER)/cut/$$source/data $(READER)/cut/$$source/docs.jsonl || exit 1; \
	  $(BIN)/fuwen index update --data $(READER)/suites/$$source/data $(READER)/suites/$$source/docs.jsonl || exit 1; done
	$(BIN)/python -m eval.training.reader_examples $(TEXTS) $@ $(foreach s,$(SOURCES),$(s)=$(READER)/suites/$(s)/data)

reader: $(READER)/examples.jsonl ## 重新训练阅读模型：TEXTS、WHEEL 说明在 docs/models.md；中断了再跑一次就接着来
	$(TRAIN) --stage mail
	$(TRAIN) --stage all --start $(READER)/mail-0.pt
	$(TRAIN) --stage longer --start $(READER)/all-0.pt
	$(TRAIN) --stage letters --start $(READER)/longer-0.pt
	$(TRAIN) --stage more --start $(READER)/letters-0.pt
	$(FIT) $(READER)/more-0
	cp $(READER)/more-0/* kb/models/reader-zh/

TAGGER = build/tagger
FOLDS ?= 0 1 2

tagger: $(VENV)/models.stamp ## 重新训练承诺模型：ASKED、REPLIES、WHEEL 说明在 docs/models.md；中断了再跑一次就接着来
	$(BIN)/fuwen index update --data $(TAGGER)/data corpus/letters
	for fold in $(FOLDS); do \
	  [ -e $(TAGGER)/fold$$fold/weights.json ] || $(BIN)/python -m eval.training.train_tagger $(ASKED) $(REPLIES) $(TAGGER)/data $(WHEEL) $(TAGGER) --fold $$fold || exit 1; done
	$(BIN)/python -m eval.training.fit_tagger $(ASKED) $(REPLIES) $(TAGGER) $(FOLDS)
	cp $(TAGGER)/fold0/* kb/models/tagger-zh/

eval-sources: $(READER)/examples.jsonl ## 从头学，每次留出一种来源，看在它上面答得怎样
	$(TRAIN) --stage reading
	for source in $(SOURCES); do \
	  start=reading-0; \
	  for stage in asked longer letters more; do \
	    $(TRAIN) --stage $$stage --start $(READER)/$$start.pt --without $$source || exit 1; start=$$stage-0-$$source; done; \
	  $(FIT) $(READER)/$$start --without $$source || exit 1; done

$(VENV)/models.stamp: $(VENV)/run.stamp
	$(BIN)/python -m pip install $(PIP_FLAGS) -e '.[models]'
	@touch $@

clean: ## 删去虚拟环境、数据和打包用的文件
	rm -rf $(VENV) data build server/widget/node_modules server/widget/build .mypy_cache .ruff_cache .pytest_cache

.PHONY: bench bench-short
bench: $(VENV)/bench.stamp ## 多快、用多少内存：与其他系统同表，服务开环，段落多了慢不慢（要十几分钟）
	$(BIN)/fuwen eval bench corpus

bench-short: $(VENV)/dev.stamp ## 几个不怕机器忙的比例，比记下的明显变差就失败；有意改了就加 --record 重新记下
	$(BIN)/fuwen eval bench corpus --short

$(VENV)/bench.stamp: $(VENV)/dev.stamp
	$(BIN)/python -m pip install $(PIP_FLAGS) -e '.[dev,eval,peers]'
	@touch $@

ATTACK ?= *

.PHONY: attack
attack: $(VENV)/dev.stamp ## 攻击跑起来的程序（只在本机，要十来分钟；ATTACK=contract 只照接口说明乱问）
	$(BIN)/python -m pytest tests/attack -o python_files='attack_$(ATTACK).py'

TORTURES ?= killing filling damaging originals vectors staff competing ordering swapping soak

.PHONY: torture
torture: $(VENV)/dev.stamp ## 折磨快照：杀死、写满、改坏、换快照、长跑（要一个多小时；TORTURES 定哪几样）
	failed=; for torture in $(TORTURES); do \
	  $(BIN)/python -m tests.torture $$torture || failed="$$failed $$torture"; done; \
	[ -z "$$failed" ] || { echo "没有通过的：$$failed" >&2; exit 1; }

# The staff's data on PostgreSQL, in an environment of its own on top of the one for tests.
POSTGRES := build/postgres/bin
ON_POSTGRES := tests/kb/staff tests/kb/ledger tests/kb/feedback tests/kb/intake tests/kb/analysis tests/server/console tests/server/test_question_log.py tests/server/test_words_kept.py

.PHONY: test-postgres
test-postgres: build/postgres/stamp ## 工作人员的数据放在 PostgreSQL 上再测一遍，两台主机杀死一台（要 Debian 的 postgresql 和 nginx）
	FUWEN_TEST_STAFF_DB=postgresql $(POSTGRES)/python -m pytest -rs -n $(WORKERS) --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ON_POSTGRES)
	$(POSTGRES)/python -m pytest -rs tests/kb/staff/postgres tests/kb/staff/test_copying.py tests/ship/test_hosts.py

build/postgres/stamp: $(VENV)/dev.stamp
	$(PYTHON) -m venv --without-pip build/postgres
	echo "$$(cd $(VENV) && pwd)/lib/python3.11/site-packages" > build/postgres/lib/python3.11/site-packages/tests.pth
	$(POSTGRES)/python -m pip install $(PIP_FLAGS) --no-build-isolation -e '.[postgres]'
	@touch $@

MINUTES ?= 10
READERS ?= html mailbox docx ofd pdf plain jsonl zip fields

.PHONY: fuzz
fuzz: $(VENV)/fuzz.stamp ## 给每个解析器喂变坏的文件，各 MINUTES 分钟（READERS 定哪几个）；出错的文件在 build/fuzz
	failed=; for reader in $(READERS); do \
	  $(BIN)/python -m tests.fuzz.run $$reader --minutes $(MINUTES) || failed="$$failed $$reader"; done; \
	[ -z "$$failed" ] || { echo "出错的：$$failed；文件在 build/fuzz" >&2; exit 1; }

# Where there is no wheel of atheris, files are changed at random without it.
$(VENV)/fuzz.stamp: $(VENV)/dev.stamp
	-$(BIN)/python -m pip install $(PIP_FLAGS) -e '.[dev,eval,fuzz]'
	@touch $@

.PHONY: test-browser
test-browser: $(VENV)/browser.stamp ## 在真的浏览器里测试网页和小窗（需要 chromium；无障碍检查的 axe-core 由 npm 安装）
	@[ -f server/widget/node_modules/axe-core/axe.min.js ] || command -v npm >/dev/null || { echo "没有找到 npm；请先安装 Node.js 20 或更新的版本（如 apt install nodejs npm）" >&2; exit 1; }
	@[ -f server/widget/node_modules/axe-core/axe.min.js ] || (cd server/widget && npm ci)
	$(BIN)/python -m pytest tests/browser

$(VENV)/browser.stamp: $(VENV)/dev.stamp
	$(BIN)/python -m pip install $(PIP_FLAGS) --no-build-isolation -e '.[dev,browser]'
	@touch $@

TOOLS := build/tools/bin
build/tools/stamp: deploy/lock/tools.txt
	$(PYTHON) -m venv build/tools
	$(TOOLS)/python -m pip install $(PIP_FLAGS) -r deploy/lock/tools.txt
	@touch $@

LOCK := $(TOOLS)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

.PHONY: lock
lock: build/tools/stamp ## 改了 pyproject.toml 里的依赖以后，重写 deploy/lock
	echo 'setuptools==84.2.1' | $(LOCK) - -o deploy/lock/build.txt
	$(LOCK) pyproject.toml --overrides deploy/lock/unserved.txt -o deploy/lock/run.txt
	$(LOCK) pyproject.toml --extra dev --extra eval --extra browser -c deploy/lock/run.txt --overrides deploy/lock/without.txt -o deploy/lock/test.txt

.PHONY: sbom
sbom: build/tools/stamp build/clean/stamp ## 由照锁装好的干净环境写出物料清单 build/sbom.json（CycloneDX）
	$(TOOLS)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --of JSON -o build/sbom.json build/clean

.PHONY: audit
audit: build/tools/stamp ## 查锁里的依赖有没有公布的漏洞；查不到公告的逐个说明
	$(TOOLS)/python deploy/audit.py deploy/lock/run.txt deploy/lock/test.txt

.PHONY: wheel
wheel: $(VENV)/run.stamp ## 打包成 build/wheel/*.whl；只有 git 里有的文件，build/lib 里的旧文件混不进来
	rm -rf build/wheel && mkdir -p build/wheel/source
	git ls-files -z -- kb indexer server eval fuwen pyproject.toml README.md LICENSE | xargs -0 cp --parents -t build/wheel/source
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python -m pip wheel $(PIP_FLAGS) --no-deps --no-build-isolation -w build/wheel build/wheel/source
	rm -rf build/wheel/source

# An environment that has what the lock says and nothing else: neither pytest nor torch.
build/clean/stamp: deploy/lock/build.txt deploy/lock/run.txt
	rm -rf build/clean && $(PYTHON) -m venv build/clean
	build/clean/bin/python -m pip install $(PIP_FLAGS) --require-hashes --no-deps -r deploy/lock/build.txt
	build/clean/bin/python -m pip install $(PIP_FLAGS) --require-hashes --no-deps --no-build-isolation -r deploy/lock/run.txt
	build/clean/bin/python -m pip check
	@touch $@

.PHONY: bundle
bundle: wheel sbom ## 打离线安装包 build/bundle/*.tar.gz：依赖、程序、模型、systemd 单元、文档、校验和
	sh deploy/bundle/make.sh $(BIN)/python build/wheel/*.whl build/sbom.json

MILVUS ?= 2.5 3.2
LITE_2.5 := milvus-lite==2.5.1 'setuptools<81'
LITE_3.2 := milvus-lite==3.2.2

# Each version of milvus-lite in an environment of its own, which sees what .venv has besides.
build/milvus-%/stamp: $(VENV)/dev.stamp pyproject.toml
	$(PYTHON) -m venv build/milvus-$*
	build/milvus-$*/bin/python -m pip install $(PIP_FLAGS) '$(shell grep -o 'pymilvus==[0-9.]*' pyproject.toml)' $(LITE_$*)
	$(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' > $$(build/milvus-$*/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/fuwen.pth
	@touch $@

.PHONY: test-milvus
test-milvus: $(MILVUS:%=build/milvus-%/stamp) ## 快照由 Milvus 检索的各项测试，对 milvus-lite 的两个版本（MILVUS 定哪几个）
	for version in $(MILVUS); do \
	  build/milvus-$$version/bin/python -m pytest -n 2 --dist loadfile tests/kb/store/test_contract.py tests/kb/store/test_rankings.py tests/kb/store/test_versions.py tests/kb/store/milvus tests/eval/test_parity.py tests/eval/test_acceptance.py -k 'not memory and not local' || exit 1; done

.PHONY: test-ship
test-ship: $(VENV)/dev.stamp build/tools/stamp build/clean/stamp ## 照锁装一个干净的环境，装上打好的包和离线安装包，在仓库外面试；试 nginx 和 Caddy
	$(BIN)/python -m pytest -rs tests/ship

RAY := build/ray
SITE := -c "import sysconfig; print(sysconfig.get_path('purelib'))"

.PHONY: test-ray
test-ray: $(RAY)/stamp ## 几个进程、两个 Ray 节点一起编入，杀掉其中一个（在只有回环地址的网络里，不碰外面）
	unshare --net --map-root-user $(RAY)/bin/python -m pytest -rs tests/indexer/shards

# An environment of its own, over the one of the tests.
$(RAY)/stamp: $(VENV)/dev.stamp
	$(PYTHON) -m venv --without-pip $(RAY)
	$(BIN)/python $(SITE) > "$$($(RAY)/bin/python $(SITE))/tests.pth"
	$(RAY)/bin/python -m pip install $(PIP_FLAGS) --no-build-isolation -e '.[ray]'
	@touch $@

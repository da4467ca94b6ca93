# 「make run」「make test」在只装有 Python 3.11 和 make 的机器上即可使用。
PYTHON ?= python3.11
PIP_FLAGS ?= --disable-pip-version-check --quiet
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000
READER := build/reader

.DEFAULT_GOAL := help
.PHONY: help run test check eval baseline corpus reader clean

help: ## 列出可用的命令
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

$(VENV)/run.stamp: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install $(PIP_FLAGS) -e .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp
	$(BIN)/python -m pip install $(PIP_FLAGS) -e '.[dev,eval]'
	@touch $@

run: $(VENV)/run.stamp ## 安装、编入 corpus/letters、打开 http://127.0.0.1:8000
	$(BIN)/python -m indexer update corpus/letters
	$(BIN)/python -m server --host $(HOST) --port $(PORT)

test: $(VENV)/dev.stamp ## 安装测试所需并运行测试
	$(BIN)/python -m pytest

check: $(VENV)/dev.stamp ## 风格、类型、分层、测试
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest

eval: $(VENV)/dev.stamp ## 跑示例题集，与 eval/baseline.json 比（CI 运行 check 和 eval）
	$(BIN)/python -m eval corpus --out build/eval/corpus --fresh --baseline eval/baseline.json

baseline: $(VENV)/dev.stamp ## 把示例题集这次的结果立为基线
	$(BIN)/python -m eval corpus --out build/eval/corpus --fresh
	cp build/eval/corpus/results.json eval/baseline.json

corpus: $(VENV)/dev.stamp ## 由 corpus/sources 重建各种格式的示例复文
	$(BIN)/python -m corpus.build

reader: $(VENV)/models.stamp ## 重新训练阅读模型：NCP、READING、DATA、WHEEL 说明在 docs/models.md
	$(BIN)/python -m kb.models.reader_examples --ncp $(NCP) --reading $(READING) --base $(DATA) $(READER)/examples.jsonl
	for stage in reading made; do \
	  $(BIN)/python -m kb.models.train_reader $(READER)/examples.jsonl $(WHEEL) $(READER) --stage $$stage || exit 1; done
	for fold in 0 1 2 3 4; do for stage in ncp counted; do \
	  $(BIN)/python -m kb.models.train_reader $(READER)/examples.jsonl $(WHEEL) $(READER) --stage $$stage --fold=$$fold || exit 1; done; done
	$(BIN)/python -m kb.models.train_reader $(READER)/examples.jsonl $(WHEEL) $(READER) --stage mean
	$(BIN)/python -m kb.models.fit_reader $(NCP) --data $(DATA) --readers $(READER)
	mkdir -p kb/models/reader-zh && cp $(READER)/mean/* kb/models/reader-zh/

$(VENV)/models.stamp: $(VENV)/run.stamp
	$(BIN)/python -m pip install $(PIP_FLAGS) -e '.[models]'
	@touch $@

clean: ## 删去虚拟环境和数据
	rm -rf $(VENV) data build .mypy_cache .ruff_cache .pytest_cache

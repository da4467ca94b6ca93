"""Every peer: what it is called, where its code is, what it needs, what it was given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Literal, cast

from eval.peers.peer import DEPTH, LEG, Peer, Tools, plain_segmenter
from kb.errors import WrongUse
from kb.models.embedding import Embedder
from kb.settings import Settings
from kb.text.tokens import segmenter

REFERENCE = "fuwen"  # what every other peer is compared with
Load = Literal["jieba", "domain", "model"]

# What is loaded before a peer's own work is timed: it costs the same however much is indexed.
LOADS: Mapping[Load, Callable[[Embedder], object]] = {
    "jieba": lambda _: plain_segmenter().initialize(),
    "domain": lambda _: segmenter(),
    "model": lambda embedder: embedder.question("载入"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerSpec:
    """One peer.

    ``made_by`` is ``module:callable`` that makes the peer from Tools; ``needs`` the packages
    that it stands on; ``indexes`` is False where it opens an index that is there already;
    ``label`` and ``given`` are shown to people.
    """

    label: str
    made_by: str
    given: str
    needs: tuple[str, ...] = ()
    loads: tuple[Load, ...] = ("jieba", "model")
    indexes: bool = True

    def make(self, tools: Tools) -> Peer:
        """A new peer, its code and what it ``loads`` loaded."""
        module, _, name = self.made_by.partition(":")
        make = cast(Callable[[Tools], Peer], getattr(import_module(module), name))
        for load in self.loads:
            LOADS[load](tools.embedder)
        return make(tools)

    @property
    def embeds(self) -> bool:
        """True if it searches by vectors."""
        return "model" in self.loads

    def versions(self) -> dict[str, str]:
        """The versions of what it needs. Raises WrongUse naming a package that is absent."""
        versions: dict[str, str] = {}
        for package in self.needs:
            try:
                versions[package] = version(package)
            except PackageNotFoundError:
                raise WrongUse(
                    f"{self.label}没有跑：没有安装 {package}；请运行 pip install '.[peers]' 后再试"
                ) from None
        return versions


def _without(part: str, maker: str, given: str) -> PeerSpec:
    return PeerSpec(
        label=f"fuwen {part}",
        made_by=f"eval.peers.ours:{maker}",
        given=given,
        loads=("domain", "model"),
        indexes=False,
    )


_OURS = Settings()

PEERS: Mapping[str, PeerSpec] = {
    REFERENCE: PeerSpec(
        label="fuwen",
        made_by="eval.peers.ours:Fuwen",
        given=f"默认设置（两路各取前 {_OURS.depth} 段融合，留下 {_OURS.hits} 段）；"
        "用阅读模型时含它的重排；建索引的时间包括从快照里读出文件和向量",
        loads=("domain", "model"),
    ),
    "bm25": PeerSpec(
        label="BM25",
        made_by="eval.peers.plain:Lexical",
        given=f"rank-bm25 的 BM25Okapi 和它自己的常数，前 {DEPTH} 段",
        needs=("rank-bm25", "jieba"),
        loads=("jieba",),
    ),
    "dense": PeerSpec(
        label="向量",
        made_by="eval.peers.plain:Dense",
        given=f"全部段落向量的精确内积（faiss IndexFlatIP），前 {DEPTH} 段",
        needs=("faiss-cpu",),
        loads=("model",),
    ),
    "rrf": PeerSpec(
        label="BM25＋向量 RRF",
        made_by="eval.peers.plain:Fused",
        given=f"上两路各取前 {LEG} 段，按倒数排名融合（k=60）",
        needs=("rank-bm25", "jieba", "faiss-cpu"),
    ),
    "fuwen-bundled": PeerSpec(
        label="fuwen 随库模型",
        made_by="eval.peers.ours:Bundled",
        given="不用 KB_EMBEDDINGS_URL、KB_RERANK_URL，段落由随库的编码另算；其余与 fuwen 相同",
        loads=("domain", "model"),
    ),
    "fuwen-no-reading": _without("−阅读", "without_reading", "只检索，不用阅读模型重排"),
    "fuwen-no-coverage": _without(
        "−覆盖", "without_coverage", "不看段落含问题里的多少词、多少字对"
    ),
    "fuwen-no-pairs": _without("−字对", "without_pairs", "只看含多少词，不看相邻的两个字"),
    "fuwen-no-lexical": _without("−词面", "without_lexical", "只用向量，点名照旧"),
    "fuwen-no-dense": _without(
        "−向量", "without_dense", "只用词面，点名照旧（问题仍算向量，计入用时）"
    ),
    "fuwen-no-names": _without("−点名", "without_names", "不认问题里的文号、提案号和单位"),
    "fuwen-rrf": _without(
        "RRF", "by_reciprocal_rank", "以倒数排名（k=60）代替凸组合，不看覆盖，不重排"
    ),
    "txtai": PeerSpec(
        label="txtai",
        made_by="eval.peers.txtai:Txtai",
        given="混合检索，向量精确，BM25 得分归一，两路等权（它自己的凸组合），"
        f"各取 {10 * DEPTH} 段，留 {DEPTH} 段",
        needs=("txtai",),
    ),
    "langchain": PeerSpec(
        label="LangChain",
        made_by="eval.peers.langchain:LangChain",
        given=f"EnsembleRetriever：BM25Retriever 与 FAISS 各取前 {LEG} 段，RRF（c=60）",
        needs=("langchain-core", "langchain-classic", "langchain-community"),
    ),
    "haystack": PeerSpec(
        label="Haystack",
        made_by="eval.peers.haystack:Haystack",
        given=f"内存库：BM25L 与向量各取前 {LEG} 段，DocumentJoiner 倒数排名融合",
        needs=("haystack-ai",),
    ),
    "llamaindex": PeerSpec(
        label="LlamaIndex",
        made_by="eval.peers.llamaindex:LlamaIndex",
        given=f"QueryFusionRetriever：BM25Retriever 与 FAISS 各取前 {LEG} 段，RRF；不改写问题",
        needs=(
            "llama-index-core",
            "llama-index-retrievers-bm25",
            "llama-index-vector-stores-faiss",
        ),
    ),
}


def chosen(names: Sequence[str]) -> list[str]:
    """``names``, each once, with REFERENCE first. Raises WrongUse for one that is not known."""
    unknown = [name for name in names if name not in PEERS]
    if unknown:
        raise WrongUse(f"没有名叫 {'、'.join(unknown)} 的系统；可选：{'、'.join(PEERS)}")
    return list(dict.fromkeys((REFERENCE, *names)))

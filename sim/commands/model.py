"""`sim model`: what is in a model file, and how two of them differ."""

from collections.abc import Sequence

from sim.text import Refused, Text, near

WORDS = ("check", "compare")


def main(arguments: Sequence[str], lang: str) -> int:
    """`check FILE` or `compare A B`; 2 where a file cannot be used as it is."""
    match list(arguments):
        case ["check", file]:
            from sim.commands.model_check import check

            return check(file, lang)
        case ["compare", before, after]:
            from sim.commands.model_compare import compare

            return compare(before, after, lang)
        case [word, *_] if word not in WORDS:
            hint = near(word, WORDS)
            raise Refused(
                Text(
                    f"看不懂 sim model {word}{hint.zh or '；可以写 check 或 compare'}",
                    f"`sim model {word}` is not understood{hint.en or '; there is check, compare'}",
                )
            )
    raise Refused(
        Text(
            "请写：sim model check 文件，或 sim model compare 文件甲 文件乙",
            "write: sim model check FILE, or sim model compare FILE OTHER",
        )
    )

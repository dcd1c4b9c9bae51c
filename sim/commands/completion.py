"""`sim completion`: what Tab offers, and the lines that teach a shell to ask for it."""

import re
from collections.abc import Callable, Iterable, Sequence

from sim import data
from sim.commands import COMMANDS, HYDRA
from sim.text import Refused, Text, near

BASH = """\
_sim_complete() {
    local line="${COMP_LINE:0:COMP_POINT}" words found cut
    read -ra words <<< "$line"
    [[ "$line" == *[[:space:]] ]] && words+=("")
    COMPREPLY=()
    while IFS= read -r found; do
        # a name that is complete ends with a blank; a key waits for its value
        [[ "$found" == *[=.] ]] || found+=" "
        COMPREPLY+=("$found")
    done < <("${COMP_WORDS[0]}" completion query "${words[@]:1}" 2>/dev/null)
    # readline has cut the word at "=", and replaces only what stands after it
    cut="${words[-1]}"
    if [[ "$cut" == *=* && "$COMP_WORDBREAKS" == *=* ]]; then
        COMPREPLY=("${COMPREPLY[@]#"${cut%%=*}="}")
    fi
}
complete -o nospace -o default -F _sim_complete sim
"""
ZSH = """\
_sim_complete() {
    local -a found
    found=("${(@f)$("${words[1]}" completion query "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    found=(${found:#})
    compadd -- ${found:#*[=.]}
    compadd -S '' -- ${(M)found:#*[=.]}
}
compdef _sim_complete sim
"""
FISH = """\
function _sim_complete
    set -l words (commandline -opc) (commandline -ct)
    $words[1] completion query $words[2..-1] 2>/dev/null
end
complete -c sim -f -a '(_sim_complete)'
"""
# PowerShell 5 drops empty arguments, so a word not yet begun is handed over as a blank
POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName sim -ScriptBlock {
    param($word, $ast, $position)
    $words = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
    if ($word -eq '') { $words += ' ' }
    sim completion query @words | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
}
"""
SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH, "powershell": POWERSHELL}

GROUPS = {
    "levers": ("lever",),
    "assumptions": ("assumption",),
    "parameters": ("parameter",),
    "factors": ("lever", "assumption"),
    "effort": ("lever",),
}
FIGURES = (
    *("fan", "bars", "timeline", "shortfall", "joint", "tornado", "heat", "gdp"),
    *("population", "multiples", "all"),
)
REPORT_FORMATS = {
    "plot": ("png", "svg", "pdf"),
    "table": ("xlsx", "csv", "md", "tex", "long", "iamc"),
    "report": ("docx", "html", "pdf"),
}
REPORT_KEYS = {
    "plot": ("run=", "targets=", "variables=", "format=", "width=", "height=", "dpi=", "output="),
    "table": ("run=", "variables=", "format=", "output="),
    "report": ("run=", "format=", "template=", "date=", "output="),
    "verify": ("run=",),
    "trace": (),
}
PARTS = ("units", "parameters", "targets", "scenarios", "loops", "history", "reality")
OPTIONS = ("--multirun", "--cfg", "--info", "--help", "--hydra-help")
CHOICES = {
    "sampling": ("lhs", "sobol", "random"),
    "draws": ("calibrated",),
    "method": ("auto", "euler", "rk4"),
    "store": ("full", "summary", "none"),
    "engine": ("auto", "numpy", "numba", "dask"),
    "lang": ("zh", "en"),
    "figures": ("true", "false"),
    "--cfg": ("job", "hydra", "all"),
    "--info": ("config", "defaults", "defaults-tree", "plugins", "searchpath"),
}
OWN_CHOICES = {
    "sweep": {
        "design": ("grid", "oat", "random", "lhs", "sobol_sequence", "file"),
        "confirm": ("true", "false"),
    },
    "sensitivity": {
        "method": ("sobol", "shapley", "morris", "rank_correlation", "regional", "pawn", "delta"),
        "about": ("auto", "value", "shortfall", "attainment"),
        "groups": ("none", "sector", "role"),
        "uncertain": ("all", "none"),
        "integrator": ("auto", "euler", "rk4"),
        "second_order": ("true", "false"),
        "by_year": ("auto", "true", "false"),
        "confirm": ("true", "false"),
    },
    "calibrate": {
        "method": ("importance", "particles", "walkers"),
        "vintage": ("latest", "first", "revised", "census"),
        "integrator": ("auto", "euler", "rk4"),
    },
}
"""What the words of one command may be, where they differ from those of `sim run`."""


def main(arguments: Sequence[str], lang: str) -> int:
    """Prints a shell's script; `query WORD…` prints what the last word may become."""
    match list(arguments):
        case ["query", *words]:
            print("\n".join(candidates([word.strip() for word in words])))
        case [shell] if shell in SCRIPTS:
            print(SCRIPTS[shell], end="")
        case words:
            raise _which(words)
    return 0


def candidates(words: Sequence[str]) -> list[str]:
    """What the last of the words after `sim` may become; nothing where the files are broken."""
    *before, word = words or [""]
    try:
        offered = _offered(before, word)
    except Refused:
        return []
    return [candidate for candidate in offered if candidate.startswith(word)]


def _offered(before: Sequence[str], word: str) -> Iterable[str]:
    match before:
        case []:
            return (*COMMANDS, "--help", "--version")
        case [command, *_, ("--cfg" | "--info" | "-c" | "-i") as option] if command in HYDRA:
            return CHOICES[{"-c": "--cfg", "-i": "--info"}.get(option, option)]
        case [command, *_] if command in (*HYDRA, *REPORT_KEYS):
            return (_of_hydra if command in HYDRA else _of_report)(command, word)
        case ["scenarios"]:
            return ("show",)
        case ["scenarios", "show"]:
            return _scenarios()
        case ["explain"]:
            return _variables()
        case ["check", *parts]:
            return (*(part for part in PARTS if part not in parts), "draws=", "seed=")
        case ["again"]:
            return ("latest", *_results())
        case ["completion"]:
            return SCRIPTS
    return ()


def _of_hydra(command: str, word: str) -> Iterable[str]:
    if word.startswith("-"):
        return OPTIONS
    key, equals, value = word.partition("=")
    if equals:
        done = value[: value.rfind(",") + 1]  # of a list, what stands before its last entry
        return (f"{key}={done}{entry}" for entry in _values(command, key))
    group = word.partition(".")[0]
    if "." in word and group in GROUPS:
        return (f"{group}.{name}=" for name in _inputs(group))
    return (f"{key}." if key in GROUPS else f"{key}=" for key in _keys(command))


def _of_report(command: str, word: str) -> Iterable[str]:
    """What figures, tables and reports may be asked for; for a report's file, the shell knows."""
    key, equals, _ = word.partition("=")
    if key == "run" and equals:
        return (f"run={folder}" for folder in ("latest", *_results()))
    if key == "targets" and equals:
        return (f"targets={name}" for name in data.read_yaml(data.targets_file()))
    if key == "format" and equals:
        return (f"format={name}" for name in REPORT_FORMATS.get(command, ()))
    return (*(FIGURES if command == "plot" else ()), *REPORT_KEYS[command])


def _values(command: str, key: str) -> Iterable[str]:
    sources: dict[str, Callable[[], Iterable[str]]] = {
        "scenario": _scenarios,
        "against": lambda: (*_scenarios(), "none"),
        "toward": _scenarios,
        "change": lambda: ("all", *_inputs("levers")),
        "targets": lambda: ("all", *_targets()),
        "keep": lambda: ("headline", "all", *_variables()),
    }
    own = OWN_CHOICES.get(command, {})
    return sources[key]() if key in sources else own.get(key) or CHOICES.get(key, ())


def _keys(command: str) -> list[str]:
    own = data.read_yaml(data.conf_folder() / f"{command}.yaml")
    entries = (entry for entry in own["defaults"] if isinstance(entry, dict))
    groups = (key.split("@")[-1] for entry in entries for key in entry if " " not in key)
    keys = [*groups, *(key for key in own if key not in ("defaults", "hydra"))]
    return [*keys, "resume"] if command == "sweep" else keys


def _scenarios() -> Iterable[str]:
    return data.list_scenarios(data.scenario_folders())


def _inputs(group: str) -> list[str]:
    """The names of levers, assumptions or parameters."""
    from sim.ensemble.scenario import read_parameters

    table = read_parameters(data.sector_folder())
    return [name for name, parameter in table.items() if parameter.role in GROUPS[group]]


def _targets() -> Iterable[str]:
    entries = data.read_yaml(data.targets_file()).items()
    return (name for name, entry in entries if "variable" in entry)


def _variables() -> Iterable[str]:
    """The names on the left of the model's equations: parsing it would take too long for a Tab."""
    try:
        text = data.model_file().read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ()
    equations = text.split("\\\\\\---///", 1)[0].split("|")
    heads = (re.match(r"\s*(?:\{[^}]*\}\s*)?([^\W\d][^=(~*]*?)\s*[=(]", e) for e in equations)
    return sorted({re.sub(r"[\s_]+", "_", head[1].lower()) for head in heads if head})


def _results() -> list[str]:
    from pathlib import Path

    return [folder.as_posix() for folder in sorted(Path("outputs/run").glob("*/[!.]*"))]


def _which(words: Sequence[str]) -> Refused:
    shells = ", ".join(SCRIPTS)
    hint = near(words[0], SCRIPTS) if words else Text("", "")
    return Refused(
        Text(
            f"请给出终端的名称：sim completion <{shells}>{hint.zh}",
            f"name your shell: sim completion <{shells}>{hint.en}",
        )
    )

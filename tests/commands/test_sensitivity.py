"""`sim sensitivity`, from what is typed to the folder; and the same from Python."""

import csv
import json
import shutil

import numpy as np
import pytest
import xarray as xr

import sim
from sim.__main__ import main
from sim.commands.influence import execute, prepare, samples_of
from sim.config import compose_for
from sim.config.sensitivity import SENSITIVITY
from sim.ensemble.store import write_manifest
from sim.text import Refused

SMALL = ["base=4", "groups=sector", "targets=cbm_output,coal_output", "by_year=true"]
WORDS = {"base": 4, "groups": "sector", "targets": ["cbm_output", "coal_output"], "by_year": True}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The folder of a small study, with figures."""
    output = tmp_path_factory.mktemp("out")
    assert main(["sensitivity", *SMALL, f"output={output}"]) == 0
    return output / (output / "latest").read_text(encoding="utf-8").strip()


def prepared(*words):
    return prepare(compose_for(SENSITIVITY, *words))


def test_the_folder_holds_all_that_is_promised(folder):
    assert {path.name for path in folder.iterdir()} == {
        ".hydra", "figures", "manifest.json", "model.py", "sensitivity.csv", "sensitivity.nc",
        "summary_en.md", "summary_zh.md",
    }  # fmt: skip
    drawn = {path.stem for path in (folder / "figures").iterdir()}
    assert drawn == {"overview", "cbm_output", "coal_output"}
    facts = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert facts["kind"] == "sensitivity"
    assert facts["command"].startswith("sim sensitivity base=4")
    assert facts["kernel"] == "numpy"


def test_groups_have_no_values_to_scatter():
    study = prepared(*SMALL, "method=sobol")
    assert samples_of(execute(study), study) == {}
    alone = prepared(*SMALL[2:], "method=sobol", "base=2", "uncertain=well_cost")
    (sample,) = {sample.labels[0] for sample in samples_of(execute(alone), alone).values()}
    assert sample == "单井综合投资"


def test_python_gives_the_table_of_the_command(folder):
    table = sim.sensitivity(**WORDS)
    stored = xr.load_dataset(folder / "sensitivity.nc")
    assert table["total"].dims == ("target", "factor")
    for name in table.data_vars:
        assert np.array_equal(table[name], stored[name], equal_nan=True), name
    assert set(table["role"].values) == {"parameter"}
    assert table.sel(target="cbm_output")["unit"].item() == "亿立方米/Year"


def test_workers_and_blocks_change_no_number(folder):
    stored = xr.load_dataset(folder / "sensitivity.nc")
    other = sim.sensitivity(**WORDS, block=7, workers=2)
    assert np.array_equal(other["total"], stored["total"])


def test_the_csv_is_tidy_and_agrees_with_the_table(folder):
    with (folder / "sensitivity.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    stored = xr.load_dataset(folder / "sensitivity.nc").sel(target="coal_output")
    own = [row for row in rows if row["目标代码"] == "coal_output" and row["指数"] == "total"]
    assert {row["因素代码"] for row in own} == set(stored["factor"].values)
    for row in own:
        value = float(stored["total"].sel(factor=row["因素代码"]))
        assert float(row["值"]) == value
        assert float(row["95% 区间下限"]) <= value


def test_the_summaries_name_the_leading_factor_and_judge_the_sample(folder):
    stored = xr.load_dataset(folder / "sensitivity.nc").sel(target="cbm_output")
    first = stored.isel(factor=int(np.argmax(stored["total"].values)))
    for lang, verdict in (("zh", "样本不够"), ("en", "The sample is not enough")):
        text = (folder / f"summary_{lang}.md").read_text(encoding="utf-8")
        assert str(first[f"label_{lang}"].item()) in text
        assert verdict in text


def test_it_can_be_run_again_with_the_kernel_of_then(folder, tmp_path, capsys):
    assert main(["again", str(folder), "lang=en"]) == 0
    said = capsys.readouterr().out
    assert "The numbers are the same" in said
    assert "kernel" not in said
    other = shutil.copytree(folder, tmp_path / "other")
    facts = json.loads((other / "manifest.json").read_text(encoding="utf-8"))
    write_manifest(other, facts | {"kernel": "cuda"})
    assert main(["again", str(other), "lang=en"]) == 2
    assert "the kernel cuda is not here" in capsys.readouterr().err


def test_a_lever_has_a_table_and_figures_of_its_own(tmp_path, capsys):
    words = ["method=morris", "base=3", "targets=coal_output", "lang=en", f"output={tmp_path}"]
    words += [
        "factors.coal_cap=[3500,5000]",
        "uncertain=normal_coal_utilisation,mine_construction_time",
    ]
    assert main(["sensitivity", *words]) == 0
    shown = capsys.readouterr().out
    assert shown.index("Levers (what the county decides)") < shown.index("Uncertain parameters")
    figures = {path.stem for path in tmp_path.rglob("*.png")}
    assert {"coal_output_lever", "coal_output_parameter", "overview_lever"} <= figures


def test_a_path_is_scaled_from_its_year_on():
    words = ["uncertain=none", "factors.methane_drilling_permits={times: [0.5, 2], since: 2021}"]
    study = prepared(*words, "method=morris")
    from sim.ensemble.factors import inputs_at

    fixed = study.response.fixed
    inputs = inputs_at(fixed, study.response.factors, np.array([[1 / 3], [1.0]]), 1)
    path, usual = inputs["methane_drilling_permits"], fixed["methane_drilling_permits"]
    late, early = usual.year >= 2021, usual.year < 2021
    assert np.allclose(path.values[0], usual.values)
    assert np.allclose(path.values[1][late], 2 * usual.values[late])
    assert np.allclose(path.values[1][early], usual.values[early])


def test_noise_is_a_factor_for_sobol_fixed_for_morris_and_unlisted_otherwise():
    words = ["targets=coal_output", "base=400"]
    names = {m: [p.name for p in prepared(*words, f"method={m}").study.players] for m in (
        "sobol", "morris", "rank_correlation")}  # fmt: skip
    assert "coal_price_noise" in names["sobol"]
    assert "coal_price_noise" not in names["morris"] + names["rank_correlation"]
    assert prepared(*words, "method=rank_correlation").study.columns == len(names["sobol"])
    assert prepared(*words, "method=morris").study.columns == len(names["morris"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["method=soboll"], "method can be sobol"),
        (["method=regional", "about=value"], "cannot be asked about=value"),
        (["method=pawn", "groups=sector"], "knows no groups"),
        (["method=pawn", "second_order=true"], "goes with method=sobol"),
        (["factors.coal_kap=[1,2]"], "did you mean coal_cap"),
        (["factors.coal_cap=[5000,3500]"], "must be below"),
        (["factors.coal_cap=[3500]"], r"should be \[low, high\]"),
        (["factors.coal_cap=[a,b]"], "should be a number"),
        (["factors.coal_cap=[-5,5]"], "outside the physical bounds"),
        (["factors.methane_drilling_permits=[500,900]"], "give multiples"),
        (["factors.well_success_rate=[0.1,0.2]"], "goes under parameters.well_success_rate"),
        (["uncertain=well_sucess_rate"], "did you mean well_success_rate"),
        (["uncertain=coal_cap"], "has no distribution"),
        (["uncertain=none"], "nothing varies"),
        (["groups={a: [well_success_rat]}"], "none of the factors"),
        (["groups={a: [well_success_rate], b: [well_success_rate]}"], "is in two groups"),
        (["method=rank_correlation", "base=64"], "set base=[34]\\d\\d or more"),
        (["base=100000", "engine.kernel=numpy"], "add confirm=true"),
        (["base=100000000", "confirm=true"], "would not fit into memory"),
        (["points=5"], "there is no setting points"),
        (["draws=5"], "base=5"),
        (["targets=nothing"], "no target is called nothing"),
    ],
)
def test_what_cannot_be_is_refused_with_the_way_out(words, said):
    with pytest.raises(Refused, match=said):
        prepared(*words)


def test_all_mistakes_are_said_at_once_and_nothing_is_written(tmp_path, capsys):
    words = ["method=pawn", "groups=sector", "uncertain=nobody", "base=0", f"output={tmp_path}"]
    assert main(["sensitivity", *words, "lang=en"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert not list(tmp_path.iterdir())

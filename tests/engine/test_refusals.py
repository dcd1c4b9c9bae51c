"""Model files that cannot be used are refused by name, variable and line."""

import pytest

import sim

CLOCK = """INITIAL TIME = 0 ~ Year ~ |
FINAL TIME = 2 ~ Year ~ |
TIME STEP = 1 ~ Year ~ |
SAVEPER = 1 ~ Year ~ |
"""


def refusal(tmp_path, body, *, clock=CLOCK, run=True):
    file = tmp_path / "model.mdl"
    file.write_text("{UTF-8}\n" + body + clock, encoding="utf-8")
    with pytest.raises(sim.Refused) as caught:
        model = sim.load_model(file)
        if run:
            sim.simulate(model)
    return caught.value


def test_an_unsupported_function_is_named_with_variable_and_line(tmp_path):
    refused = refusal(
        tmp_path,
        "x = 1 ~ ~ |\n\ny = SHIFT IF TRUE(x) ~ ~ |\nz = DELAY BATCH(x, 1, 1, 1, 1, 1) ~~|\n",
    )
    assert [problem.en.split(".mdl ")[1] for problem in refused.problems] == [
        "line 4, variable y: SHIFT IF TRUE is not supported; write the shift into the flows: "
        "IF THEN ELSE(cond, (before - own)/TIME STEP, 0), and integrate by Euler's method",
        "line 5, variable z: DELAY BATCH is not supported; DELAY FIXED or DELAY N may do",
    ]
    assert "第 4 行，变量 y" in refused.problems[0].zh


def test_an_algebraic_loop_is_named(tmp_path):
    refused = refusal(tmp_path, "a = b + 1 ~~|\nb = c * 2 ~~|\nc = a - 3 ~~|\n")
    assert "algebraic loop: a → b → c → a" in str(refused)


def test_a_loop_among_initial_values_is_named(tmp_path):
    refused = refusal(tmp_path, "a = INTEG(1, b) ~~|\nb = INTEG(1, a) ~~|\n")
    assert "algebraic loop: a → b → a" in str(refused)


def test_a_loop_through_a_stock_is_no_algebraic_loop(tmp_path):
    (tmp_path / "model.mdl").write_text("{UTF-8}\na = INTEG(b, 1) ~~|\nb = a * 2 ~~|\n" + CLOCK)
    assert float(sim.simulate(sim.load_model(tmp_path / "model.mdl"))["a"][0, -1]) == 9.0


def test_an_undefined_name_offers_those_like_it(tmp_path):
    refused = refusal(tmp_path, "coal price = 1 ~~|\nx = coal prise * 2 ~~|\n")
    assert "coal_prise is not defined; did you mean coal_price" in str(refused)


def test_two_spellings_of_one_name_are_refused(tmp_path):
    refused = refusal(tmp_path, "coal  price = 1 ~~|\nCoal_Price = 2 ~~|\n")
    assert "line 3: Coal_Price has the same name as coal price in line 2" in str(refused)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holds no equation"),
        (b"{UTF-8}\n", "holds no equation"),
        ("{UTF-8}\n产量 = 1 ~~|\n".encode()[:-9] + b"\xff~~|\n", "line 2: not UTF-8"),
        (b"{UTF-8}\nx = 1 ~ Dmnl ~ |\ny = 2 ~ Dmnl ~ \n", "line 3, variable y: | is missing"),
        (b"{UTF-8}\nx = 1 ~~|\n\ny\0 = 2 ~~|\n", "line 4: holds binary data"),
        (b"{UTF-8}\n:MACRO: M(a)\nM = a ~~|\nx = M(1) ~~|\n", "a macro is not whole"),
        (b"{UTF-8}\nx = 1 ~ Dmnl ~ |\ny = 2 ~ Dmnl ~ |\n", "TIME STEP is missing"),
        (
            b"{UTF-8}\nx = (1 + ~ Dmnl ~ |\n" + CLOCK.encode(),
            "line 2, variable x: the equation breaks off",
        ),
    ],
    ids=["empty", "header", "bytes", "no end", "binary", "macro", "truncated", "broken equation"],
)
def test_a_damaged_file_is_refused(tmp_path, content, said):
    file = tmp_path / "model.mdl"
    file.write_bytes(content)
    with pytest.raises(sim.Refused, match=said):
        sim.load_model(file)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(sim.Refused, match="cannot be read"):
        sim.load_model(tmp_path / "nowhere.mdl")


def test_a_clock_that_makes_no_sense_is_refused(tmp_path):
    refused = refusal(tmp_path, "x = 1 ~~|\n", clock=CLOCK.replace("STEP = 1", "STEP = 0"))
    assert "the clock makes no sense" in str(refused)


def test_unknown_inputs_and_results_offer_those_like_them(tmp_path):
    (tmp_path / "model.mdl").write_text(
        "{UTF-8}\ncoal price = 1 ~~|\nincome = coal price ~~|\n" + CLOCK
    )
    model = sim.load_model(tmp_path / "model.mdl")
    with pytest.raises(sim.Refused, match="did you mean coal_price"):
        sim.simulate(model, {"coal_prize": 2.0})
    with pytest.raises(sim.Refused, match="did you mean income"):
        sim.simulate(model, keep=["incomes"])

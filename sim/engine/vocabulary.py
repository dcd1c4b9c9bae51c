"""Vensim's words for functions: which of the engine's are Vensim's, and which are refused."""

from sim.text import Text

PLAIN = (
    *("min", "max", "abs", "exp", "ln", "log", "sqrt", "power", "quantum", "integer"),
    *("sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "gamma_ln"),
    *("if_then_else", "xidz", "zidz", "step", "ramp", "pulse", "pulse_train"),
)
"""Functions that Vensim calls as the engine does; the engine has more for its own use."""

INSTEAD = {
    "a_function_of": Text("方程还没有写出来", "the equation has not been written yet"),
    "shift_if_true": Text(
        "请在各存量的流量中写出移动：IF THEN ELSE(条件, (前一组-本组)/TIME STEP, 0)，并用欧拉法",
        "write the shift into the flows: IF THEN ELSE(cond, (before - own)/TIME STEP, 0), and "
        "integrate by Euler's method",
    ),
    "round": Text("请写 INTEGER(x + 0.5)", "write INTEGER(x + 0.5)"),
    "counter": Text(
        "请写出计数：起 + (TIME - STARTTIME) MOD (止 - 起)",
        "write it out: start + (TIME - STARTTIME) MOD (end - start)",
    ),
    "find_zero": Text("", ""),
    "find_market_price": Text("", ""),
    "demand_at_price": Text("", ""),
    "supply_at_price": Text("", ""),
    "simultaneous": Text("请在环中加入存量", "put a stock into the loop"),
    "queue_fifo": Text("", ""),
    "internal_rate_of_return": Text(
        "请用结果中的现金流在表格软件中计算，或用 NPV 试算",
        "compute it from the stream in a spreadsheet, or try rates with NPV",
    ),
    "delay_batch": Text("可改用 DELAY FIXED 或 DELAY N", "DELAY FIXED or DELAY N may do"),
    "get_data_median": Text("可改用 GET DATA MEAN", "GET DATA MEAN may do"),
    "get_data_stdv": Text("请在数据文件中算好", "compute it in the data file"),
    "get_vdf_data": Text("请存为 CSV 或 XLSX", "save it as CSV or XLSX"),
    "get_123_data": Text("请存为 CSV 或 XLSX", "save it as CSV or XLSX"),
}
"""Functions of Vensim and of Stella that are refused, and what may be written instead."""

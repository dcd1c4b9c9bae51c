"""Vensim's words for functions: which of the engine's are Vensim's, and which are refused."""

from sim.text import Text

PLAIN = (
    *("min", "max", "abs", "exp", "ln", "log", "sqrt", "power", "modulo", "quantum", "integer"),
    *("sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "gamma_ln"),
    *("if_then_else", "xidz", "zidz", "step", "ramp", "pulse", "pulse_train"),
)
"""Functions that Vensim calls as the engine does; the engine has more for its own use."""

INSTEAD = {
    "lookup_area": Text("请用 INTEG 累计查表值", "add the table up with INTEG"),
    "lookup_slope": Text("请用两点之差", "take the difference of two points"),
    "delay_conveyor": Text("可改用 DELAY FIXED 或 DELAY N", "DELAY FIXED or DELAY N may do"),
    "delay_profile": Text("可改用 DELAY N", "DELAY N may do"),
    "random_lookup": Text("可改用 RANDOM 0 1 与表函数", "RANDOM 0 1 and a table may do"),
    "a_function_of": Text("方程还没有写出来", "the equation has not been written yet"),
    "shift_if_true": Text("", ""),
    "find_zero": Text("", ""),
    "find_market_price": Text("", ""),
    "demand_at_price": Text("", ""),
    "supply_at_price": Text("", ""),
    "simultaneous": Text("请在环中加入存量", "put a stock into the loop"),
    "queue_fifo": Text("", ""),
    "depreciate_straightline": Text("", ""),
    "depreciate_by_schedule": Text("", ""),
    "internal_rate_of_return": Text("", ""),
    "get_data_at_time": Text(
        "数据变量本身即可按时间读取", "a data variable is read by time anyway"
    ),
    "get_data_between_times": Text(
        "数据变量本身即可按时间读取", "a data variable is read by time anyway"
    ),
    "get_data_first_time": Text("", ""),
    "get_data_last_time": Text("", ""),
    "get_vdf_data": Text("请存为 CSV 或 XLSX", "save it as CSV or XLSX"),
    "get_123_data": Text("请存为 CSV 或 XLSX", "save it as CSV or XLSX"),
    "random_negative_binomial": Text("", ""),
    "vector_lookup": Text("", ""),
    "sample_until": Text("", ""),
    "time_shift": Text("可用 DELAY FIXED", "DELAY FIXED may do"),
}
"""Functions of Vensim that are refused, and what may be written instead."""

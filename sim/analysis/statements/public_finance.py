"""Statements about public money."""

import numpy as np

from sim.analysis.reality import Floats, Statement, World
from sim.analysis.statements.forms import (
    EXACT,
    accumulates,
    limited,
    never_rises,
    not_above,
    nothing,
)
from sim.analysis.trials import EVERY_STEP
from sim.text import Text


def treasury_flows(w: World) -> Floats:
    """All that is received less all that is spent."""
    received = w["own_revenue"] + w["transfer_revenue"] + w["land_revenue"] + w["bond_issue"]
    return received - w["committed_spending"] - w["programme_spending"]


STATEMENTS = (
    Statement(
        "funded_within_requests",
        Text("到位资金不超过申请和可用资金", "funding is within requests and money"),
        limited("programme_spending", "programme_requests", "programme_budget"),
    ),
    Statement(
        "committed_within_treasury",
        Text("必保支出不超过可拨付资金", "committed spending is within what can be paid out"),
        limited("committed_spending", "committed_need", "payout_capacity"),
    ),
    Statement(
        "money_conserved",
        Text("库款变化等于收入减支出", "the treasury changes by receipts less spending"),
        accumulates(lambda w: w["treasury"], treasury_flows),
        EVERY_STEP,
    ),
    Statement(
        "debt_conserved",
        Text("债务变化等于发债减还本", "debt changes by bonds less repayment"),
        accumulates(
            lambda w: w["public_debt"],
            lambda w: (
                w["bond_issue"]
                - w["public_debt"] / w["debt_repayment_time"] * w["committed_payment_ratio"]
            ),
        ),
        EVERY_STEP,
    ),
    Statement(
        "no_plan_no_spending",
        Text("没有项目申请就没有项目支出", "nothing asked for, nothing spent on programmes"),
        nothing("programme_spending"),
        "no_plan",
    ),
    Statement(
        "no_bonds_no_new_debt",
        Text("没有额度则债务不增", "no quota, debt never rises"),
        never_rises("public_debt"),
        "no_bonds",
    ),
    Statement(
        "no_transfers_less_spending",
        Text(
            "没有转移支付，历年项目支出合计不高于基准",
            "without transfers programmes spend no more over the years",
        ),
        lambda w: not_above(
            np.cumsum(w["programme_spending"], axis=1),
            np.cumsum(w.base["programme_spending"], axis=1),
        ),
        "no_transfers",
    ),
    Statement(
        "no_works_capital_decays",
        Text("零投资则公共资本逐年折旧", "no investment, public capital decays"),
        never_rises("public_capital"),
        "no_works",
    ),
    Statement(
        "asking_makes_no_money",
        Text("多申请不会多出钱：总支出不超过可用资金", "asking for more makes no money"),
        limited("programme_spending", "programme_budget"),
        "asks_much",
    ),
    Statement(
        "asking_thins_the_rest",
        Text("一项多申请，各项到位率下降", "one programme that asks much thins the rest"),
        lambda w: not_above(w["funding_ratio"], w.base["funding_ratio"]),
        "asks_much",
    ),
    Statement(
        "no_delivery_no_works",
        Text("不落地就没有管网和公共资本的增加", "nothing delivered, nothing built"),
        lambda w: (
            (np.abs(w["pipeline_starts"]) <= EXACT)[:, 1:]
            & never_rises("public_capital")(w)
            & (np.abs(w["coal_upgrade_starts"]) <= EXACT)[:, 1:]
        ),
        "no_delivery",
    ),
    Statement(
        "wages_before_programmes",
        Text(
            "没有转移支付，必保支出先于项目",
            "without transfers, commitments come before programmes",
        ),
        limited("programme_spending", "programme_budget"),
        "no_transfers",
    ),
    Statement(
        "unpaid_upkeep_wears",
        Text(
            "没有转移支付，必保支出保障率不高于基准",
            "without transfers a smaller share of commitments is paid",
        ),
        lambda w: not_above(
            np.mean(w["committed_payment_ratio"], axis=1),
            np.mean(w.base["committed_payment_ratio"], axis=1),
        ),
        "no_transfers",
    ),
)

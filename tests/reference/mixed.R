# Mixed models: lme4 and lmerTest, optimised to the last digits.
suppressMessages({library(lmerTest); library(emmeans); library(jsonlite)})
options(digits = 17)
sharp <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhobeg = 0.02, rhoend = 1e-10, maxfun = 1e5))

describe <- function(m, factors) {
  v <- as.data.frame(VarCorr(m)); v <- setNames(v$vcov, v$grp)
  list(fixed = as.data.frame(coef(summary(m))), variances = as.list(v),
       criterion = REMLcrit(m), singular = isSingular(m))
}
out <- list()
for (name in c("dyestuff", "dyestuff2")) {
  d <- read.csv(paste0(name, ".csv"))
  out[[name]] <- describe(lmer(Yield ~ 1 + (1 | Batch), d, control = sharp))
}
for (name in c("waves_uneven", "waves_moving", "waves_singular")) {
  d <- read.csv(paste0(name, ".csv"))
  for (f in c("wave", "unit", "person")) d[[f]] <- factor(d[[f]])
  m <- lmer(score ~ wave + (1 | unit) + (1 | person), d, control = sharp)
  out[[name]] <- describe(m)
  means <- as.data.frame(emmeans(m, "wave", lmer.df = "satterthwaite"))
  out[[name]]$means <- means[, c("emmean", "SE", "df", "lower.CL", "upper.CL")]
  few <- lmer(score ~ wave + unit + (1 | person), d, control = sharp)
  means <- as.data.frame(emmeans(few, "wave", lmer.df = "satterthwaite"))
  out[[name]]$units_fixed <- c(describe(few), list(means = means[, c("emmean", "SE", "df", "lower.CL", "upper.CL")]))
  plain <- lm(score ~ wave + unit, d)
  out[[name]]$plain <- list(fixed = as.data.frame(coef(summary(plain)))[2:4, ], sigma = sigma(plain))
  out[[name]]$person_only <- describe(lmer(score ~ wave + (1 | person), d, control = sharp))
}
cat(toJSON(out, digits = NA, auto_unbox = TRUE, rownames = FALSE))
